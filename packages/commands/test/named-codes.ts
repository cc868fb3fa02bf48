import { join, relative } from 'node:path';
import { type Node, SyntaxKind } from 'typescript/unstable/ast';
import {
  isAsExpression,
  isBinaryExpression,
  isCallExpression,
  isCaseClause,
  isConditionalExpression,
  isIdentifier,
  isImportDeclaration,
  isLiteralTypeNode,
  isNewExpression,
  isNoSubstitutionTemplateLiteral,
  isParenthesizedExpression,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isStringLiteral,
  isSwitchStatement,
} from 'typescript/unstable/ast/is';
import { API } from 'typescript/unstable/sync';

/** A text in a source, and how it is used. */
export interface NamedText {
  readonly text: string;
  /**
   * thrown: by `new AppError('…')`. cause: of `codeFor(purpose, '…')`. given: as a property `code`. compared: with something called code. else: anything
   * else that makes a value of it.
   */
  readonly use: 'thrown' | 'cause' | 'given' | 'compared' | 'else';
  /** Path within the repository. */
  readonly file: string;
}

/** Every text in a project's sources, except tests and generated files, read through TypeScript's own syntax tree. */
export function namedTexts(repository: string, config: string): readonly NamedText[] {
  const api = new API({ cwd: repository });
  try {
    const configFile = join(repository, config);
    const program = api.updateSnapshot({ openProject: configFile }).getProject(configFile)?.program;
    if (!program) throw new Error(`${config} is no project`);
    const sources = join(configFile, '../src/');
    const files = program
      .getSourceFileNames()
      .filter((file) => file.startsWith(sources) && !/\/generated\/|\.test\.tsx?$/.test(file));
    return files.flatMap((file) => {
      const found: NamedText[] = [];
      const root = program.getSourceFile(file);
      if (root) collect(root, (text, use) => found.push({ text, use, file: relative(repository, file) }));
      return found;
    });
  } finally {
    api.close();
  }
}

function collect(node: Node, report: (text: string, use: NamedText['use']) => void): void {
  node.forEachChild((child) => {
    const isText = isStringLiteral(child) || isNoSubstitutionTemplateLiteral(child);
    if (isText && !isLiteralTypeNode(node) && !isImportDeclaration(node)) report(child.text, useOf(child));
    collect(child, report);
    return undefined;
  });
}

function useOf(text: Node): NamedText['use'] {
  // `x ? 'a' : 'b'` and `'a' as T` stand for the text itself.
  let node = text;
  while (isConditionalExpression(node.parent) || isAsExpression(node.parent) || isParenthesizedExpression(node.parent))
    node = node.parent;
  const { parent } = node;
  if (isNewExpression(parent) && nameOf(parent.expression) === 'AppError' && parent.arguments?.[0] === node)
    return 'thrown';
  if (isCallExpression(parent) && nameOf(parent.expression) === 'codeFor' && parent.arguments[1] === node)
    return 'cause';
  if (isPropertyAssignment(parent) && parent.initializer === node && isCode(parent.name)) return 'given';
  if (isCaseClause(parent)) {
    const choice = parent.parent.parent;
    return isSwitchStatement(choice) && isCode(choice.expression) ? 'compared' : 'else';
  }
  if (isBinaryExpression(parent) && isComparison(parent.operatorToken.kind)) {
    return isCode(parent.left === node ? parent.right : parent.left) ? 'compared' : 'else';
  }
  return 'else';
}

function isComparison(kind: SyntaxKind): boolean {
  return kind === SyntaxKind.EqualsEqualsEqualsToken || kind === SyntaxKind.ExclamationEqualsEqualsToken;
}

/** code, lastErrorCode, problem?.code */
function isCode(node: Node): boolean {
  return /code$/i.test(nameOf(node));
}

function nameOf(node: Node): string {
  if (isIdentifier(node)) return node.text;
  return isPropertyAccessExpression(node) ? nameOf(node.name) : '';
}
