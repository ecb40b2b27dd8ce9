/** What a document's commands are run in, where it is not the usual. */
export interface DocumentSetup {
  /**
   * The bus: that of `serve` itself, which the document starts, or a nats-server.
   *
   * @default "nats"
   */
  readonly bus?: "own" | "nats" | "rabbitmq";
  /**
   * What there is without a word of the document: servers at their usual addresses, and application,
   * user and password in the environment, as for someone who has read the README.
   *
   * @default "settings"
   */
  readonly given?: "settings" | "servers" | "nothing";
  /** Files in the folder of the commands, with their texts. @default none */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * What a reader sees at another terminal before going on: with the next command that begins so,
   * the text that a running one has to show.
   *
   * @default none
   */
  readonly waits?: readonly { readonly before: string; readonly shows: string }[];
}

/** Documents that need something special. */
const setups: Readonly<Record<string, DocumentSetup>> = {
  "README.md": {
    bus: "own",
    given: "servers",
    waits: [
      { before: "ari-proxy call ChannelPlay", shows: "StasisStart" },
      { before: "ari-proxy call ChannelHangup", shows: "PlaybackStarted" },
    ],
  },
  "docs/cli.md": {
    waits: [{ before: "ari-proxy call ChannelVariableSet call-2", shows: "StasisStart" }],
  },
  "docs/migration.md": { given: "servers" },
  "docs/protocol-rabbitmq.md": { bus: "rabbitmq" },
  "docs/settings.md": { given: "nothing" },
  "docs/operations.md": { bus: "own" },
};

/** The setup of a document. */
export function setupOf(file: string): DocumentSetup {
  return setups[file] ?? {};
}

/** The root folder of the repository. */
export const root = new URL("../../", import.meta.url);

/** All Markdown documents, as paths from the root of the repository. */
export async function allDocuments(): Promise<string[]> {
  const files = ["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "src/README.md"];
  const visit = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
      if (isDirectory) await visit(`${folder}${name}/`);
      else if (name.endsWith(".md")) files.push(`${folder}${name}`);
    }
  };
  await visit("docs/");
  return files.sort();
}

/** The text of a document. */
export function readDocument(file: string): Promise<string> {
  return Deno.readTextFile(new URL(file, root));
}
