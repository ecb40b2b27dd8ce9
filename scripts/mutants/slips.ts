/**
 * Small slips of the sort that a change of code makes by accident: a flipped comparison, a dropped
 * `await`, a removed line. Each has an ID, so that it can be put in again later.
 *
 * @module
 */

import ts from "typescript";

/** What a slip changes. */
export type SlipKind =
  | "equality"
  | "comparison"
  | "boundary"
  | "number+1"
  | "number-1"
  | "await"
  | "return"
  | "line"
  | "swap"
  | "condition"
  | "logic"
  | "boolean"
  | "arithmetic";

/** One small change of a file. */
export interface Slip {
  /** `FILE:LINE:COLUMN:KIND`; lines and columns count from 1. */
  readonly id: string;
  /** The path from the root of the tree. */
  readonly file: string;
  readonly kind: SlipKind;
  /** The line in the file, from 1. */
  readonly line: number;
  /** Where the replaced text begins. */
  readonly start: number;
  /** Where the replaced text ends. */
  readonly end: number;
  readonly replacement: string;
}

const equality = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.EqualsEqualsToken, "!="],
  [ts.SyntaxKind.ExclamationEqualsToken, "=="],
]);
const comparison = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.LessThanToken, ">"],
  [ts.SyntaxKind.LessThanEqualsToken, ">="],
  [ts.SyntaxKind.GreaterThanToken, "<"],
  [ts.SyntaxKind.GreaterThanEqualsToken, "<="],
]);
const boundary = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
]);
const arithmetic = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.PlusToken, "-"],
  [ts.SyntaxKind.MinusToken, "+"],
  [ts.SyntaxKind.AsteriskToken, "/"],
  [ts.SyntaxKind.SlashToken, "*"],
  [ts.SyntaxKind.PlusEqualsToken, "-="],
  [ts.SyntaxKind.MinusEqualsToken, "+="],
]);
const logic = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.AmpersandAmpersandToken, "||"],
  [ts.SyntaxKind.BarBarToken, "&&"],
]);
const operators = { equality, comparison, boundary, arithmetic, logic };

/** A log line, in which a slip would change nothing but a text for people. */
const LOG = /^(?:this\.)?#?(?:\w+\.)*#?\w*log(?:ger)?\.(?:debug|info|warn|warning|error)\(/i;
/** Numbers above this are durations and sizes, in which one more or less changes nothing. */
const SMALL = 20;

/** Every slip that can be put into a file; none for a file that a script has made. */
export function slipsOf(file: string, text: string): Slip[] {
  if (/^ \* Made by `scripts\//m.test(text.slice(0, 500))) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Slip[] = [];

  const add = (kind: SlipKind, node: ts.Node, replacement: string, end = node.getEnd()) => {
    const start = node.getStart(source);
    const { line, character } = source.getLineAndCharacterOfPosition(start);
    const id = `${file}:${line + 1}:${character + 1}:${kind}`;
    found.push({ id, file, kind, line: line + 1, start, end, replacement });
  };

  const visit = (node: ts.Node): void => {
    if (
      ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) ||
      ts.isImportDeclaration(node) || ts.isThrowStatement(node) ||
      (ts.isExpressionStatement(node) && LOG.test(node.getText(source)))
    ) return;
    if (ts.isExportDeclaration(node)) return;

    if (ts.isBinaryExpression(node)) {
      for (const [kind, table] of Object.entries(operators)) {
        const other = table.get(node.operatorToken.kind);
        if (other) add(kind as SlipKind, node.operatorToken, other);
      }
    } else if (ts.isAwaitExpression(node)) {
      add("await", node, node.expression.getText(source));
    } else if (ts.isNumericLiteral(node) && /^\d+$/.test(node.text)) {
      const value = Number(node.text);
      if (value <= SMALL) {
        add("number+1", node, `${value + 1}`);
        if (value > 0) add("number-1", node, `${value - 1}`);
      }
    } else if (
      node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword
    ) {
      add("boolean", node, node.kind === ts.SyntaxKind.TrueKeyword ? "false" : "true");
    } else if (ts.isReturnStatement(node) && isEarly(node)) {
      add("return", node, "{}");
    } else if (ts.isExpressionStatement(node) && !isSuper(node)) {
      add("line", node, "{}");
    } else if (
      (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) &&
      (node.operator === ts.SyntaxKind.PlusPlusToken ||
        node.operator === ts.SyntaxKind.MinusMinusToken)
    ) {
      const other = node.operator === ts.SyntaxKind.PlusPlusToken ? "--" : "++";
      const operand = node.operand.getText(source);
      const isPrefix = ts.isPrefixUnaryExpression(node);
      add("arithmetic", node, isPrefix ? `${other}${operand}` : `${operand}${other}`);
    }
    const condition = ts.isIfStatement(node)
      ? node.expression
      : ts.isConditionalExpression(node)
      ? node.condition
      : undefined;
    if (condition) add("condition", condition, `!(${condition.getText(source)})`);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const args = node.arguments ?? [];
      for (let i = 1; i < args.length; i++) {
        const [first, second] = [args[i - 1], args[i]].map((it) => it.getText(source));
        if (!areAlike(args[i - 1], args[i]) || first === second) continue;
        add("swap", args[i - 1], `${second}, ${first}`, args[i].getEnd());
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Two arguments that somebody may take for one another. */
function areAlike(first: ts.Node, second: ts.Node): boolean {
  const isName = (node: ts.Node) => ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
  const isValue = (node: ts.Node) => ts.isStringLiteral(node) || ts.isNumericLiteral(node);
  return isName(first) && isName(second) || isValue(first) && isValue(second);
}

/** Whether something comes after a `return` in its function. */
function isEarly(node: ts.ReturnStatement): boolean {
  const block = node.parent;
  if (!ts.isBlock(block) || !ts.isFunctionLike(block.parent)) return true;
  return block.statements.at(-1) !== node;
}

function isSuper({ expression }: ts.ExpressionStatement): boolean {
  return ts.isCallExpression(expression) &&
    expression.expression.kind === ts.SyntaxKind.SuperKeyword;
}

/** The text of a file with a slip in it. */
export function withSlip(text: string, { start, end, replacement }: Slip): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** What a slip changes, as lines of a diff. */
export function diffOf(text: string, slip: Slip): string {
  const first = text.lastIndexOf("\n", slip.start - 1) + 1;
  const changed = withSlip(text, slip);
  const lineEnd = (of: string, at: number) => {
    const end = of.indexOf("\n", at);
    return end < 0 ? of.length : end;
  };
  const before = text.slice(first, lineEnd(text, slip.end));
  const after = changed.slice(first, lineEnd(changed, slip.start + slip.replacement.length));
  const lines = (of: string, sign: string) => of.split("\n").map((line) => `${sign} ${line}`);
  return [...lines(before, "-"), ...lines(after, "+")].join("\n");
}
