/**
 * The modules of the program, with what they import and export, types included.
 *
 * @module
 */

import { dirname, join } from "node:path/posix";
import ts from "typescript";

const root = new URL("../../", import.meta.url);

/** A module of `src`, or one of the package's doors. */
export interface SourceModule {
  /** The path from the root of the tree, such as `src/bus/bus.ts`. */
  readonly path: string;
  /** The paths of the modules that it imports. */
  readonly imports: ReadonlySet<string>;
  readonly exports: ReadonlySet<string>;
}

/** All modules of the program, and the exported names that another module or a door uses. */
export interface SourceModules {
  readonly modules: readonly SourceModule[];
  /** `PATH:NAME` of each export that has a user. */
  readonly used: ReadonlySet<string>;
  /** The modules that the package exports. */
  readonly doors: ReadonlySet<string>;
}

/** Reads the modules of `src`, and the doors that `deno.json` names. */
export function readModules(): SourceModules {
  const config = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  const doors = Object.values<string>(config.exports).map((path) => join(path));
  const aliases = new Map(
    Object.entries<string>(config.imports).filter(([, to]) => to.startsWith("./")),
  );
  const paths = new Set([...filesBelow("src"), ...doors]);
  const sources = Array.from(paths, (path) => readModule(path, aliases));
  const exportsOf = new Map(sources.map(({ path, exports }) => [path, exports]));
  const used = new Set<string>();
  for (const { named, loaded, words } of sources) {
    for (const name of named) used.add(name);
    // What a dynamic import is used for cannot be seen at the import itself.
    for (const path of loaded) {
      for (const name of exportsOf.get(path) ?? []) {
        if (words.has(name)) used.add(`${path}:${name}`);
      }
    }
  }
  return { modules: sources, used, doors: new Set(doors) };
}

/** The paths of the TypeScript files below a folder. */
export function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, root))) {
    if (isDirectory) yield* filesBelow(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

interface Source extends SourceModule {
  /** `PATH:NAME` of what it imports by name. */
  readonly named: ReadonlySet<string>;
  /** What it imports as a whole, or while it runs. */
  readonly loaded: ReadonlySet<string>;
  /** All words of its text. */
  readonly words: ReadonlySet<string>;
}

function readModule(path: string, aliases: ReadonlyMap<string, string>): Source {
  const text = Deno.readTextFileSync(new URL(path, root));
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const imports = new Set<string>();
  const named = new Set<string>();
  const loaded = new Set<string>();
  const exports = new Set<string>();
  const found = (specifier: ts.Node | undefined): string | undefined => {
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    const alias = aliases.get(specifier.text);
    if (!alias && !specifier.text.startsWith(".")) return;
    const target = alias ? join(alias) : join(dirname(path), specifier.text);
    imports.add(target);
    return target;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const target = found(node.moduleSpecifier);
      const bindings = node.importClause?.namedBindings;
      if (target && bindings && ts.isNamedImports(bindings)) {
        for (const { propertyName, name } of bindings.elements) {
          named.add(`${target}:${(propertyName ?? name).text}`);
        }
      } else if (target) loaded.add(target);
    } else if (ts.isExportDeclaration(node)) {
      const target = found(node.moduleSpecifier);
      const clause = node.exportClause;
      for (const it of clause && ts.isNamedExports(clause) ? clause.elements : []) {
        exports.add(it.name.text);
        if (target) named.add(`${target}:${(it.propertyName ?? it.name).text}`);
      }
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const target = found(node.arguments[0]);
      if (target) loaded.add(target);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const target = found(node.argument.literal);
      if (target) loaded.add(target);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const statement of source.statements) {
    for (const name of namesOf(statement)) exports.add(name);
  }
  return { path, imports, exports, named, loaded, words: new Set(text.match(/[A-Za-z_$][\w$]*/g)) };
}

/** The names that a statement declares and exports. */
function namesOf(statement: ts.Statement): string[] {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) ?? [] : [];
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : []
    );
  }
  const { name } = statement as ts.DeclarationStatement;
  return name && ts.isIdentifier(name) ? [name.text] : [];
}

/** The groups of modules that import each other in circles, each in the order of the alphabet. */
export function circlesIn(modules: readonly SourceModule[]): string[][] {
  const imports = new Map(modules.map(({ path, imports }) => [path, imports]));
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  // Tarjan's algorithm: what leads back to an open module belongs to its circle.
  const visit = (path: string): void => {
    order.set(path, order.size);
    lowest.set(path, order.get(path)!);
    open.push(path);
    for (const next of imports.get(path) ?? []) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) lowest.set(path, Math.min(lowest.get(path)!, lowest.get(next)!));
    }
    if (lowest.get(path) !== order.get(path)) return;
    const circle = open.splice(open.indexOf(path));
    if (circle.length > 1 || imports.get(path)?.has(path)) circles.push(circle.toSorted());
  };
  for (const { path } of modules) if (!order.has(path)) visit(path);
  return circles;
}
