/** A fenced block of a Markdown text. */
export interface CodeBlock {
  /** Line of its first line of text in the document, from 1. */
  readonly line: number;
  /** The word behind the fence; empty when there is none. */
  readonly language: string;
  /** How many characters it is indented by. */
  readonly indent: number;
  /** Its text without the fences and without their indentation. */
  readonly text: string;
}

/** The fenced blocks of a Markdown text, in order; those within lists and quotes too. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { fence: string; indent: number; language: string; first: number } | undefined;
  let lines: string[] = [];
  markdown.split("\n").forEach((line, index) => {
    const [, indent = "", fence, language] = /^([ \t>]*)(`{3,}|~{3,})\s*(\S*)/.exec(line) ?? [];
    if (open === undefined) {
      if (fence === undefined) return;
      open = { fence, indent: indent.length, language: language ?? "", first: index + 2 };
      lines = [];
    } else if (fence?.startsWith(open.fence) && language === "") {
      const { first, language, indent } = open;
      blocks.push({ line: first, language, indent, text: lines.join("\n") });
      open = undefined;
    } else {
      lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
    }
  });
  return blocks;
}
