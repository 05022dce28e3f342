/** The state of one validation: what was found, where it stands, and how much work is left. */

import type { Resource } from "./resources.ts";
import type { Path, SchemaError } from "./schemaError.ts";

/** Thrown where a value asks for more work than it may have; never leaves the validator. */
export class OutOfBudget extends Error {
  readonly resource: "steps" | "depth";
  constructor(resource: "steps" | "depth") {
    super(resource);
    this.resource = resource;
  }
}

/** Nested evaluations; JSON of 100 levels under a schema that nests ten combinations on each stays below. */
const MAX_DEPTH = 1_000;

/** More faults of one value than anyone reads. */
const MAX_ERRORS = 100;

/** What a schema has looked at, for unevaluatedProperties and unevaluatedItems beside it. */
export class Evaluated {
  readonly properties = new Set<string>();
  /** Items before this position. */
  prefix = 0;
  readonly items = new Set<number>();

  add(other: Evaluated): void {
    for (const property of other.properties) this.properties.add(property);
    for (const item of other.items) this.items.add(item);
    this.prefix = Math.max(this.prefix, other.prefix);
  }
}

export class Run {
  /** Steps from the root of the value to where the validation is. */
  readonly path: (string | number)[] = [];
  /** Schema resources entered, outermost first: the dynamic scope. */
  readonly scope: Resource[] = [];
  /** Reference targets being evaluated, and the depth of the value they were entered at. */
  readonly active = new Map<object, number>();
  /** Undefined where only the verdict counts: checking then stops at the first fault. */
  errors: SchemaError[] | undefined = [];
  stepsLeft: number;
  /** Steps of pattern matching, in instructions × characters. */
  patternStepsLeft: number;
  depth = 0;

  constructor(steps: number, patternSteps: number) {
    this.stepsLeft = steps;
    this.patternStepsLeft = patternSteps;
  }

  spend(steps: number): void {
    this.stepsLeft -= steps;
    if (this.stepsLeft < 0) throw new OutOfBudget("steps");
  }

  deeper(): void {
    this.spend(1);
    if (++this.depth > MAX_DEPTH) throw new OutOfBudget("depth");
  }

  /** Notes a fault at the present place; always false, to be returned. The texts are made only where they are wanted. */
  fail(schemaPath: Path, keyword: string, message: () => string, params: () => Record<string, unknown>): false {
    if (this.errors !== undefined && this.errors.length < MAX_ERRORS) {
      this.errors.push({
        instancePath: [...this.path],
        schemaPath: [...schemaPath],
        keyword,
        message: message(),
        params: params(),
      });
    }
    return false;
  }

  /** The verdict of a check whose faults are nobody's. */
  quietly(check: () => boolean): boolean {
    return this.into(undefined, check);
  }

  /** The verdict of a check whose faults go to a list of its own. */
  into(errors: SchemaError[] | undefined, check: () => boolean): boolean {
    const outer = this.errors;
    this.errors = errors;
    const valid = check();
    this.errors = outer;
    return valid;
  }

  /** The verdict of a check one step further into the value. */
  at(step: string | number, check: () => boolean): boolean {
    this.path.push(step);
    const valid = check();
    this.path.pop();
    return valid;
  }
}
