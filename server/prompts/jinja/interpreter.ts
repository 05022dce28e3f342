/**
 * Runs a template as Jinja does. The library's parser is used, and its interpreter is not: that one computes with JavaScript's values,
 * so that `strip("x")` strips white space, 1.0 becomes 1, and a name set in one turn of a loop is still set in the next.
 */
import { PythonError } from "../../toolcalls/python/error.ts";
import {
  floatOf,
  hashKey,
  isDict,
  type PythonDict,
  PythonTuple,
  type PythonValue,
  typeOf,
} from "../../toolcalls/python/value.ts";
import { combine } from "./arithmetic.ts";
import { compare, isIn, same } from "./compare.ts";
import { filtered, iterated } from "./filters.ts";
import { loopOf } from "./loop.ts";
import { macro } from "./macro.ts";
import { attribute, slice, subscript } from "./members.ts";
import { Scope } from "./scope.ts";
import type { Call, Identifier, MemberNode, Node } from "./syntax.ts";
import { isSo } from "./tests.ts";
import { type Arguments, Callable, Members, memberName, orUndefined, str, truth, Undefined } from "./values.ts";
import { Output, TemplateError, type Work } from "./work.ts";

/** What a turn of a loop costs by itself, in nodes: it makes the variable `loop`. */
const TURN = 4;

type Jump = "break" | "continue" | undefined;

export class Interpreter {
  readonly work: Work;

  constructor(work: Work) {
    this.work = work;
  }

  /** What the nodes write. */
  text(body: readonly Node[], scope: Scope): string {
    const out = new Output(this.work);
    this.#run(body, scope, out);
    return out.text;
  }

  #run(body: readonly Node[], scope: Scope, out: Output): Jump {
    for (const node of body) {
      this.work.spend(1);
      const jump = this.#execute(node, scope, out);
      if (jump !== undefined) return jump;
    }
    return undefined;
  }

  #execute(node: Node, scope: Scope, out: Output): Jump {
    switch (node.type) {
      case "Comment":
        return undefined;
      case "If":
        return this.#run(truth(this.value(node.test, scope)) ? node.body : node.alternate, scope, out);
      case "For":
        return this.#loop(node, scope, out);
      case "Break":
        return "break";
      case "Continue":
        return "continue";
      case "Set":
        this.#assign(
          node.assignee,
          node.value === null ? this.text(node.body, new Scope(scope)) : this.value(node.value, scope),
          scope,
        );
        return undefined;
      case "Macro":
        scope.set(node.name.value, macro(this, node.name.value, node.args, node.body, scope));
        return undefined;
      case "CallStatement": {
        const inner = new Scope(scope);
        const caller = macro(this, "caller", node.callerArgs ?? [], node.body, scope);
        const { positional, keywords } = this.#arguments(node.call.args, inner);
        const args = { positional, keywords: new Map(keywords).set("caller", caller) };
        out.write(str(this.#called(this.value(node.call.callee, scope), args), this.work));
        return undefined;
      }
      case "FilterStatement":
        out.write(str(this.#filter(node.filter, this.text(node.body, new Scope(scope)), scope), this.work));
        return undefined;
      default:
        out.write(str(this.value(node, scope), this.work));
        return undefined;
    }
  }

  /** Every turn has a scope of its own: what it sets, the next one does not see. */
  #loop(node: Extract<Node, { type: "For" }>, scope: Scope, out: Output): Jump {
    const { iterable, loopvar } = node;
    const [source, test] = iterable.type === "SelectExpression" ? [iterable.lhs, iterable.test] : [iterable, undefined];
    const items = iterated(this.value(source, scope), this.work).filter((item) => {
      if (test === undefined) return true;
      const inner = new Scope(scope);
      this.#assign(loopvar, item, inner);
      return truth(this.value(test, inner));
    });
    if (items.length === 0) return this.#run(node.defaultBlock, new Scope(scope), out);
    for (const [index, item] of items.entries()) {
      const inner = new Scope(scope);
      this.work.spend(TURN);
      inner.set("loop", loopOf(items, index));
      this.#assign(loopvar, item, inner);
      if (this.#run(node.body, inner, out) === "break") break;
    }
    return undefined;
  }

  #assign(target: Node, value: PythonValue, scope: Scope): void {
    if (target.type === "Identifier") scope.set(target.value, value);
    else if (target.type === "TupleLiteral") {
      const items = iterated(value, this.work);
      if (items.length !== target.value.length)
        throw new PythonError("ValueError", `expected ${target.value.length} values to unpack, got ${items.length}`);
      for (const [index, name] of target.value.entries()) this.#assign(name, items[index] as PythonValue, scope);
    } else if (target.type === "MemberExpression" && target.property.type === "Identifier") {
      const owner = this.value(target.object, scope);
      if (!(owner instanceof Members) || owner.type !== "Namespace")
        throw new TemplateError("it sets a member of something that is no namespace");
      owner.members.set(memberName(target.property.value), value);
    } else throw new TemplateError("it sets something that is no name");
  }

  value(node: Node | undefined, scope: Scope): PythonValue {
    if (node === undefined) return null;
    this.work.spend(1);
    switch (node.type) {
      case "StringLiteral":
        return node.value;
      case "IntegerLiteral":
        return node.value;
      case "FloatLiteral":
        return floatOf(node.value);
      case "ArrayLiteral":
        return node.value.map((item) => this.value(item, scope));
      case "TupleLiteral":
        return new PythonTuple(node.value.map((item) => this.value(item, scope)));
      case "ObjectLiteral": {
        const dict: PythonDict = new Map();
        for (const [key, item] of node.value) dict.set(hashKey(this.value(key, scope)), this.value(item, scope));
        return dict;
      }
      case "Identifier":
        return orUndefined(scope.get(node.value), () => `'${node.value}'`);
      case "CallExpression":
        return this.#called(this.value(node.callee, scope), this.#arguments(node.args, scope));
      case "MemberExpression":
        return this.#member(node, scope);
      case "FilterExpression":
        return this.#filter(node.filter, this.value(node.operand, scope), scope);
      case "TestExpression":
        return isSo(node.test.value, this.value(node.operand, scope), undefined, this.work) !== node.negate;
      case "Ternary":
        return this.value(truth(this.value(node.condition, scope)) ? node.trueExpr : node.falseExpr, scope);
      case "SelectExpression":
        return truth(this.value(node.test, scope))
          ? this.value(node.lhs, scope)
          : new Undefined("the inline if-expression");
      case "UnaryExpression": {
        const value = this.value(node.argument, scope);
        if (node.operator.value === "not") return !truth(value);
        return combine(node.operator.value === "-" ? "-" : "+", 0, value, this.work);
      }
      case "BinaryExpression":
        return this.#binary(node.operator.value, node.left, node.right, scope);
      default:
        throw new TemplateError(`it has a ${node.type} in a place where none can be`);
    }
  }

  #binary(operator: string, leftNode: Node, rightNode: Node, scope: Scope): PythonValue {
    const left = this.value(leftNode, scope);
    if (operator === "and") return truth(left) ? this.value(rightNode, scope) : left;
    if (operator === "or") return truth(left) ? left : this.value(rightNode, scope);
    const right = this.value(rightNode, scope);
    switch (operator) {
      case "==":
        return same(left, right, this.work);
      case "!=":
        return !same(left, right, this.work);
      case "in":
        return isIn(left, right, this.work);
      case "not in":
        return !isIn(left, right, this.work);
      case "<":
        return compare(left, right, this.work) < 0;
      case "<=":
        return compare(left, right, this.work) <= 0;
      case ">":
        return compare(left, right, this.work) > 0;
      case ">=":
        return compare(left, right, this.work) >= 0;
    }
    return combine(operator, left, right, this.work);
  }

  #member({ object, property, computed }: MemberNode, scope: Scope): PythonValue {
    const owner = this.value(object, scope);
    if (!computed) {
      if (property.type === "Identifier") return attribute(owner, property.value, this.work);
      return subscript(owner, this.value(property, scope), this.work);
    }
    if (property.type !== "SliceExpression") return subscript(owner, this.value(property, scope), this.work);
    const ends = [property.start, property.stop, property.step].map((end) => end && this.value(end, scope));
    return slice(owner, ends, this.work);
  }

  #filter(filter: Identifier | Call, value: PythonValue, scope: Scope): PythonValue {
    if (filter.type === "Identifier")
      return filtered(filter.value, value, { positional: [], keywords: new Map() }, this.work);
    if (filter.callee.type !== "Identifier") throw new TemplateError("it uses a filter that has no name");
    return filtered(filter.callee.value, value, this.#arguments(filter.args, scope), this.work);
  }

  #arguments(nodes: readonly Node[], scope: Scope): Arguments {
    const positional: PythonValue[] = [];
    const keywords = new Map<string, PythonValue>();
    for (const node of nodes) {
      if (node.type === "KeywordArgumentExpression") keywords.set(node.key.value, this.value(node.value, scope));
      else if (node.type === "SpreadExpression")
        positional.push(...iterated(this.value(node.argument, scope), this.work));
      else if (node.type === "KeywordSpreadExpression") {
        const more = this.value(node.argument, scope);
        if (!isDict(more))
          throw new PythonError("TypeError", `argument after ** must be a mapping, not ${typeOf(more)}`);
        for (const [key, value] of more) keywords.set(str(key, this.work), value);
      } else positional.push(this.value(node, scope));
    }
    return { positional, keywords };
  }

  #called(callee: PythonValue, args: Arguments): PythonValue {
    if (callee instanceof Undefined) callee.raise();
    if (!(callee instanceof Callable)) throw new PythonError("TypeError", `'${typeOf(callee)}' object is not callable`);
    return this.work.call(() => callee.call(args));
  }
}
