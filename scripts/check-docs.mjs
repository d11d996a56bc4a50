// Names every export of src/ and web/src/ (and every public method of an exported class) that has no doc comment of at least a sentence.
// A method that implements or overrides a documented one inherits its text. `node scripts/check-docs.mjs [FOLDER …]`

import "./require-node.mjs";
import { relative, resolve } from "node:path";
import ts from "typescript";

const named = process.argv.slice(2);
const folders = (named.length > 0 ? named : ["src", "web/src"]).map((folder) => resolve(folder));
const files = folders.flatMap((folder) => ts.sys.readDirectory(folder, [".ts", ".tsx"], ["**/*.test.ts", "**/*.d.ts"]));
const program = ts.createProgram(files, {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  noEmit: true,
  jsx: ts.JsxEmit.Preserve,
  noLib: true, // only our own files matter: half the time
  noResolve: true,
  types: [],
});
const checker = program.getTypeChecker();

const undocumented = files.flatMap(undocumentedExports);
for (const { declaration, name } of undocumented) {
  const source = declaration.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(declaration.getStart());
  process.stdout.write(`${relative(process.cwd(), source.fileName)}:${line + 1} ${name} has no doc comment\n`);
}
process.exitCode = undocumented.length > 0 ? 1 : 0;

function undocumentedExports(file) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  if (!module) return []; // nothing exported: a program's entry point
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .flatMap((symbol) => [symbol, ...publicMethods(symbol)])
    .filter((symbol) => symbol.declarations?.[0]?.getSourceFile().fileName === file && !hasSentence(symbol))
    .map((symbol) => ({ declaration: symbol.declarations[0], name: checker.symbolToString(symbol) }))
    .sort((a, b) => a.declaration.pos - b.declaration.pos);
}

function publicMethods(symbol) {
  const declaration = symbol.declarations?.find(ts.isClassDeclaration);
  if (!declaration) return [];
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return declaration.members
    .filter((member) => ts.isMethodDeclaration(member) || ts.isAccessor(member))
    .filter((member) => !(ts.getCombinedModifierFlags(member) & hidden) && !ts.isPrivateIdentifier(member.name))
    .map((member) => checker.getSymbolAtLocation(member.name))
    .filter((method) => method && !ts.isComputedPropertyName(method.declarations[0].name));
}

function hasSentence(symbol) {
  return /\S+\s+\S+/.test(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
}
