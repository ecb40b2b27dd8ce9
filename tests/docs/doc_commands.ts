import { type CodeBlock, codeBlocks } from "./code_blocks.ts";

/** A command in a document. */
export interface DocCommand {
  /** Line of the document, from 1. */
  readonly line: number;
  /** The command, for a shell; may have several lines. */
  readonly command: string;
  /** How many characters it is indented by. */
  readonly indent: number;
  /** What the document shows of its output, a line each; without any nothing is claimed of it. */
  readonly output: readonly string[];
}

/** Languages of blocks in which every line is a command. */
const scripts = ["sh", "bash", "shell"];
/** Languages of blocks that have commands when a line begins with `$ `, and what they say. */
const sessions = ["", "console", "text"];

/** The commands of a Markdown text, in order. */
export function docCommands(markdown: string): DocCommand[] {
  return codeBlocks(markdown).flatMap((block) => {
    if (scripts.includes(block.language)) return scriptCommands(block);
    return sessions.includes(block.language) ? sessionCommands(block) : [];
  });
}

function scriptCommands({ line, indent, text }: CodeBlock): DocCommand[] {
  const commands: DocCommand[] = [];
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const first = lines[index];
    if (first.trim() === "" || first.trimStart().startsWith("#")) continue;
    const at = line + index;
    // Without a remark on it, after two blanks.
    let command = first.replace(/ {2,}#.*$/, "");
    const end = /<<-?\s*['"]?(\w+)['"]?/.exec(first)?.[1];
    while (index + 1 < lines.length && (end !== undefined || lines[index].endsWith("\\"))) {
      command += `\n${lines[++index]}`;
      if (lines[index].trim() === end) break;
    }
    commands.push({ line: at, indent, command, output: [] });
  }
  return commands;
}

function sessionCommands({ line, indent, text }: CodeBlock): DocCommand[] {
  const commands: { line: number; indent: number; command: string; output: string[] }[] = [];
  let continued = false;
  text.split("\n").forEach((row, index) => {
    const last = commands.at(-1);
    if (row.startsWith("$ ")) {
      commands.push({ line: line + index, indent, command: row.slice(2), output: [] });
    } else if (last && continued) {
      last.command += `\n${row.replace(/^> /, "")}`;
    } else {
      last?.output.push(row);
    }
    continued = row.endsWith("\\") && (row.startsWith("$ ") || continued);
  });
  for (const { output } of commands) while (output.at(-1)?.trim() === "") output.pop();
  return commands;
}
