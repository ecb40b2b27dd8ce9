/**
 * Which modules the modules of the tree load when they run, types left out.
 *
 * @module
 */

import { dirname, join } from "node:path/posix";
import ts from "typescript";

/** For each module of the tree, by path from its root, the modules that it loads. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the imports of files. A text such as `"../cli.ts"` counts as an import too: a test may run
 * that module as a program.
 *
 * @param files The texts of all modules by path from the root of the tree.
 * @param imports The import map, some of whose names stand for modules of the tree.
 */
export function importGraph(
  files: ReadonlyMap<string, string>,
  imports: Readonly<Record<string, string>> = {},
): ImportGraph {
  const graph = new Map<string, string[]>();
  for (const [file, text] of files) {
    const found = new Set<string>();
    for (const name of specifiersOf(file, text)) {
      const specifier = imports[name] ?? name;
      for (const path of [join(dirname(file), specifier), join(specifier)]) {
        if (files.has(path) && path !== file) found.add(path);
      }
    }
    graph.set(file, [...found]);
  }
  return graph;
}

/** The texts in a module that may name other modules. */
function specifiersOf(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && isOnlyTypes(node.importClause)) return;
    if (ts.isExportDeclaration(node) && node.isTypeOnly) return;
    if (ts.isTypeNode(node)) return;
    if (ts.isStringLiteral(node) && /\.ts$|^@/.test(node.text)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isOnlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return !clause.name && !!named && ts.isNamedImports(named) &&
    named.elements.every((element) => element.isTypeOnly);
}

/** How many imports lie between a module and each module that it loads. */
export function distancesFrom(start: string, graph: ImportGraph): Map<string, number> {
  const distances = new Map([[start, 0]]);
  for (const [module, distance] of distances) {
    for (const next of graph.get(module) ?? []) {
      if (!distances.has(next)) distances.set(next, distance + 1);
    }
  }
  return distances;
}
