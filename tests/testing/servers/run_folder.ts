/**
 * Makes a folder for the files of one server. Its path is short: that of a Unix socket may have
 * about 100 characters.
 *
 * @param name The kind of server, for those who look into the folder for temporary files.
 * @returns Its absolute path.
 */
export async function makeRunFolder(name: string): Promise<string> {
  const options = { prefix: `ari-proxy-${name}-` };
  const folder = await Deno.makeTempDir(options);
  if (folder.length <= 64) return folder;
  await Deno.remove(folder);
  return await Deno.makeTempDir({ ...options, dir: "/tmp" });
}

/** Removes a server's folder; one that is gone already is not an error. */
export async function removeRunFolder(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
