/** An instruction of a Dockerfile. */
export interface Instruction {
  /** Its name in capitals, as in `COPY`. */
  readonly name: string;
  /** Its arguments, lines joined. */
  readonly text: string;
}

/** A stage of a Dockerfile: a `FROM` and what follows. */
export interface Stage {
  /** The image that it begins with. */
  readonly from: string;
  /** Its name, as in `AS build`. */
  readonly as?: string;
  /** Its instructions. */
  readonly instructions: readonly Instruction[];
}

/** Reads a Dockerfile, as far as those here go: no heredocs, no `ONBUILD`. */
export function readDockerfile(text: string): Stage[] {
  const joined = text.replaceAll(/^#.*\n/gm, "").replaceAll(/\\\n/g, "");
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const line of joined.split("\n").filter((line) => line.trim() !== "")) {
    const [, name = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === "FROM") {
      const [, from, as] = /^(?:--platform=\S+ )?(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
      stages.push({ from, as, instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

/** The texts of all instructions of a name. */
export function textsOf(stage: Stage, name: string): string[] {
  return stage.instructions.filter((it) => it.name === name).map(({ text }) => text);
}

/** The words of an instruction that has them as a JSON list, behind its options if there are any. */
export function wordsOf(text: string): string[] {
  const words: unknown = JSON.parse(text.slice(text.indexOf("[")));
  if (Array.isArray(words) && words.every((word) => typeof word === "string")) return words;
  throw new Error(`Cannot read ${text}: it is no list of words`);
}
