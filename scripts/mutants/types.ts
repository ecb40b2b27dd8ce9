import ts from "typescript";

/**
 * Whether a changed file still passes the type check. A slip that does not is a poor one, since it
 * cannot be made by accident.
 */
export class TypeCheck {
  readonly #root: string;
  readonly #library: string;
  readonly #sources = new Map<string, ts.SourceFile | undefined>();
  readonly #errorsBefore = new Map<string, number>();
  #program: ts.Program | undefined;
  #changed: { readonly path: string; readonly text: string } | undefined;

  private constructor(root: string, library: string) {
    this.#root = root;
    this.#library = library;
  }

  /** @param root The absolute path of the tree. */
  static async create(root: string): Promise<TypeCheck> {
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["types"] }).output();
    return new TypeCheck(root, new TextDecoder().decode(stdout));
  }

  /** Whether a file has no more type errors with another text than it has as it is. */
  accepts(file: string, text: string): boolean {
    const path = `${this.#root}/${file}`;
    let before = this.#errorsBefore.get(path);
    if (before === undefined) {
      before = this.#errors(path);
      this.#errorsBefore.set(path, before);
    }
    this.#changed = { path, text };
    try {
      return this.#errors(path) <= before;
    } finally {
      this.#changed = undefined;
    }
  }

  #errors(path: string): number {
    const options: ts.CompilerOptions = {
      allowImportingTsExtensions: true,
      lib: ["lib.esnext.d.ts"],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      noEmit: true,
      skipLibCheck: true,
      strict: true,
      noImplicitOverride: true,
      target: ts.ScriptTarget.ESNext,
      types: [],
    };
    const host = ts.createCompilerHost(options);
    host.getCurrentDirectory = () => this.#root;
    const library = `${this.#root}/deno.d.ts`;
    const exists = host.fileExists;
    host.fileExists = (name) => name === library || exists(name);
    host.getSourceFile = (name, languageOptions) => {
      if (name === this.#changed?.path) {
        return ts.createSourceFile(name, this.#changed.text, languageOptions);
      }
      if (this.#sources.has(name)) return this.#sources.get(name);
      const text = name === library ? this.#library : ts.sys.readFile(name);
      const source = text === undefined
        ? undefined
        : ts.createSourceFile(name, text, languageOptions);
      this.#sources.set(name, source);
      return source;
    };
    const program = ts.createProgram([library, path], options, host, this.#program);
    this.#program = program;
    return program.getSemanticDiagnostics(program.getSourceFile(path)).length;
  }
}
