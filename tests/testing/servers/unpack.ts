import type { PackageChoice } from "./debian_packages.ts";
import { run } from "./run.ts";

/** How many archives are unpacked at a time. */
const LANES = 3;

/**
 * Unpacks packages below a folder and makes the programs run from there, with the loader and the
 * libraries that were unpacked along with them.
 *
 * @param debs The paths of the `.deb` files.
 * @param options What to leave out, and the folder, which must exist and stay where it is.
 * @throws {Error} When unpacking fails, or a program does not run afterwards.
 */
export async function unpackPackages(
  debs: readonly string[],
  options: { readonly root: string; readonly choice: PackageChoice },
): Promise<void> {
  const { root, choice } = options;
  const excludes = choice.leftOut.map((pattern) => `--exclude=${pattern}`);
  const script = 'deb=$1; shift; dpkg-deb --fsys-tarfile "$deb" | tar -x --no-same-owner "$@"';
  const queue = debs.values();
  const lane = async () => {
    for (const deb of queue) await run(["sh", "-c", script, "sh", deb, "-C", root, ...excludes]);
  };
  await Promise.all(Array.from({ length: LANES }, lane));

  const lib = await libraryFolder(root);
  const loader = await only(lib, /^ld-linux.*\.so\.\d+$/);
  const patterns = choice.programs.flatMap((it) => ["-o", "-path", `${root}/${it}`]).slice(1);
  const programs = await run(["find", root, "-type", "f", "(", ...patterns, ")"]);
  for (const program of programs.split("\n")) {
    if (program) await relink(program, { root, lib, loader });
  }
  await removeUnloadable(`${lib}/asterisk/modules`, { root, lib, loader });
  // Asterisk asks for the language "en"; the package names its voice.
  const sounds = `${root}/usr/share/asterisk/sounds`;
  await Deno.rename(`${sounds}/en_US_f_Allison`, `${sounds}/en`);
  // Links into folders that only an installed package has would make Asterisk complain.
  await run(["find", `${root}/usr/share/asterisk`, "-xtype", "l", "-delete"]);
  for (const [program, ...args] of choice.checks) await run([`${root}/${program}`, ...args]);
}

/** The folder of the unpacked libraries, whose name contains the machine's architecture. */
export function libraryFolder(root: string): Promise<string> {
  return only(`${root}/usr/lib`, /-linux-gnu/);
}

interface Libraries {
  readonly root: string;
  readonly lib: string;
  readonly loader: string;
}

/** Writes the loader and the library path into a program; one without a loader stays as it is. */
async function relink(program: string, { root, lib, loader }: Libraries): Promise<void> {
  const patchelf = [loader, "--library-path", lib, `${root}/usr/bin/patchelf`];
  const isStatic = await run([...patchelf, "--print-interpreter", program]).then(
    () => false,
    () => true,
  );
  if (isStatic) return;
  const edits = ["--set-interpreter", loader, "--force-rpath", "--set-rpath", lib];
  await run([...patchelf, ...edits, program]);
}

/** Removes the modules that want a library which was left out: each would be an error in the log. */
async function removeUnloadable(modules: string, { root, lib, loader }: Libraries): Promise<void> {
  const script = `for module; do
    needs=$("$LOADER" --library-path "$LIB" --list "$module" 2>/dev/null) || { rm "$module"; continue; }
    printf '%s\\n' "$needs" | grep -F '=> /' | grep -qvF "=> $ROOT/" && rm "$module"
  done; true`;
  const env = { LOADER: loader, LIB: lib, ROOT: root };
  const paths = [...Deno.readDirSync(modules)].map(({ name }) => `${modules}/${name}`)
    .filter((path) => path.endsWith(".so"));
  const half = Math.ceil(paths.length / 2);
  await Promise.all(
    [paths.slice(0, half), paths.slice(half)].map((some) =>
      run(["sh", "-c", script, "sh", ...some], { env })
    ),
  );
}

/** The one entry of a folder whose name matches. */
async function only(folder: string, pattern: RegExp): Promise<string> {
  for await (const { name } of Deno.readDir(folder)) {
    if (pattern.test(name)) return `${folder}/${name}`;
  }
  throw new Error(`Cannot find ${pattern} in ${folder}: the packages are not laid out as expected`);
}
