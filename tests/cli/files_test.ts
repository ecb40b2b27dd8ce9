import assert from "node:assert/strict";
import { linesOf, machineFiles } from "../../src/cli/files.ts";

/** Runs a test with the path of a file that does not exist, in a folder of its own. */
async function withPath(use: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ari-proxy-test-files-" });
  try {
    await use(`${folder}/file`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const names = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name);

Deno.test("a file to append to shows its first bytes and whether its last line has an end", async () => {
  await withPath(async (path) => {
    const append = async (text: string) => {
      using file = await machineFiles.append(path);
      await file.write(encode(text));
      return { head: decode(file.head), torn: file.torn };
    };
    assert.deepEqual(await append(""), { head: "", torn: false });
    assert.deepEqual(await append("0123456789abcdef"), { head: "", torn: false });
    assert.deepEqual(await append("ghi\n"), { head: "0123456789abcdef", torn: true });
    assert.deepEqual(await append(""), { head: "0123456789abcdef", torn: false });
    assert.equal(await Deno.readTextFile(path), "0123456789abcdefghi\n");
  });
});

Deno.test("a file that is replaced keeps its content until the new one is complete", async () => {
  await withPath(async (path, folder) => {
    await Deno.writeTextFile(path, "before");
    {
      await using draft = await machineFiles.begin(path);
      await draft.write(encode("half"));
    }
    assert.deepEqual([names(folder), await Deno.readTextFile(path)], [["file"], "before"]);
    {
      await using draft = await machineFiles.begin(path);
      await draft.write(encode("after"));
      assert.equal(await Deno.readTextFile(path), "before");
      await draft.complete();
      assert.equal(await Deno.readTextFile(path), "after");
    }
    assert.deepEqual([names(folder), await Deno.readTextFile(path)], [["file"], "after"]);
  });
});

Deno.test("a private file is readable by its owner only, with new folders, or is left as it was", async () => {
  await withPath(async (path, folder) => {
    const inner = `${path}/a/b`;
    await machineFiles.replace(inner, "text");
    assert.equal(await Deno.readTextFile(inner), "text");
    assert.equal((await Deno.stat(inner)).mode! & 0o777, 0o600);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o700);
    // A folder in the place of the file cannot be replaced.
    await assert.rejects(machineFiles.replace(`${path}/a`, "text"));
    assert.deepEqual(names(folder), ["file"]);
    assert.deepEqual(names(path), ["a"]);
  });
});

Deno.test("bytes are kept in a private temporary file until it is disposed of", async () => {
  const bytes = new Blob(["some bytes"]).stream();
  const { signal } = new AbortController();
  let path: string;
  {
    await using file = await machineFiles.keep(bytes, signal);
    ({ path } = file);
    assert.equal(await Deno.readTextFile(path), "some bytes");
    assert.equal((await Deno.stat(path)).mode! & 0o077, 0);
  }
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  const never = new ReadableStream<Uint8Array>();
  await assert.rejects(machineFiles.keep(never, AbortSignal.abort(new Error("enough"))), /enough/);
});

Deno.test("an ordinary file can be read several times, what is missing or a folder cannot", async () => {
  await withPath(async (path, folder) => {
    assert.deepEqual([await machineFiles.isOrdinary(path), await machineFiles.isOrdinary(folder)], [
      false,
      false,
    ]);
    await Deno.writeTextFile(path, "one\ntwo\n");
    assert.ok(await machineFiles.isOrdinary(path));
    for (let time = 0; time < 2; time++) {
      assert.deepEqual(await Array.fromAsync(linesOf(await machineFiles.read(path))), [
        "one",
        "two",
      ]);
    }
  });
});
