/**
 * Where something stands in a record, as the path that leads to it. Most records have nothing to complain about, so no
 * offset is computed until someone asks for one (`locate` in server/language/records).
 */

/** A part of a string's decoded text, in UTF-16 units; steps behind it go into the JSON that this part holds. */
export interface TextSpan {
  readonly from: number;
  readonly to: number;
}

/** The key of a member instead of its value; always the last step. */
export const KEY = Symbol("key");

export type Step = string | number | TextSpan | typeof KEY;

export class Ref {
  static readonly root = new Ref(undefined, 0);

  readonly parent: Ref | undefined;
  readonly step: Step;

  private constructor(parent: Ref | undefined, step: Step) {
    this.parent = parent;
    this.step = step;
  }

  at(...steps: readonly (string | number)[]): Ref {
    let ref: Ref = this;
    for (const step of steps) ref = new Ref(ref, step);
    return ref;
  }

  /** The key under which this member stands. */
  get key(): Ref {
    return new Ref(this, KEY);
  }

  /** Units `from` to `to` of the decoded text of this string; the whole of it where no end is given. */
  text(from = 0, to: number = Number.POSITIVE_INFINITY): Ref {
    return new Ref(this, { from, to });
  }

  /** From the root. */
  steps(): Step[] {
    const steps: Step[] = [];
    for (let ref: Ref = this; ref.parent !== undefined; ref = ref.parent) steps.push(ref.step);
    return steps.reverse();
  }
}
