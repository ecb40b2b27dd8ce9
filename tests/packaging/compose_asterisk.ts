import { findAsterisk } from "../testing/servers/asterisk_program.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { run } from "../testing/servers/run.ts";
import { makeRunFolder, removeRunFolder } from "../testing/servers/run_folder.ts";
import { startProcess } from "../testing/servers/server_process.ts";

const etc = new URL("../../packaging/compose/asterisk/etc/", import.meta.url);

/** An Asterisk with the configuration of `compose.yaml`. Disposing of it stops it. */
export interface ComposeAsterisk extends AsyncDisposable {
  /** Where ARI is. */
  readonly httpUrl: string;
  /** What it has written. */
  log(): Promise<string>;
}

/**
 * Starts an Asterisk with the files that `compose.yaml` mounts. Only what containers have for
 * themselves is put elsewhere: folders, the port, and the place of the secret.
 *
 * @param secret Path of the file with the password.
 */
export async function startComposeAsterisk(secret: string): Promise<ComposeAsterisk> {
  const { program, modules, data } = await findAsterisk();
  const folder = await makeRunFolder("compose");
  const port = await freePort();
  for (const sub of ["etc", "run", "log.d", "cache", "lib/keys", "spool/recording"]) {
    await Deno.mkdir(`${folder}/${sub}`, { recursive: true });
  }
  const directories = Object.entries({
    astetcdir: `${folder}/etc`,
    astrundir: `${folder}/run`,
    astlogdir: `${folder}/log.d`,
    astspooldir: `${folder}/spool`,
    astcachedir: `${folder}/cache`,
    astvarlibdir: `${folder}/lib`,
    astdbdir: `${folder}/lib`,
    astkeydir: `${folder}/lib`,
    astagidir: `${folder}/lib`,
    astmoddir: modules,
    astdatadir: data,
  }).map(([name, path]) => `${name} => ${path}\n`);
  for await (const { name } of Deno.readDir(etc)) {
    const text = (await Deno.readTextFile(new URL(name, etc)))
      .replace("bindaddr = 0.0.0.0", "bindaddr = 127.0.0.1")
      .replace("bindport = 8088", `bindport = ${port}`)
      .replace("/run/secrets/ari_password", secret);
    const head = name === "asterisk.conf" ? `[directories]\n${directories.join("")}\n` : "";
    await Deno.writeTextFile(`${folder}/etc/${name}`, `${head}${text}`);
  }
  const asterisk = [program, "-C", `${folder}/etc/asterisk.conf`];
  const cli = (command: string) => run([...asterisk, "-rx", command]);
  const process = startProcess([...asterisk, "-f", "-n"], { folder });
  await process.until(() => cli("core waitfullybooted").then(() => true, () => false));
  return {
    httpUrl: `http://127.0.0.1:${port}/ari`,
    log: () => Deno.readTextFile(`${folder}/log`),
    async [Symbol.asyncDispose]() {
      await process.stop(() => cli("core stop now"));
      await removeRunFolder(folder);
    },
  };
}
