/**
 * Where something stands in a record, as the path that leads to it. Most records have nothing to complain about, so no
 * offset is computed until someone asks for one (`locate` in server/language/records).
 */

/** A part of a string's decoded text, in UTF-16 units; steps behind it go into the JSON that this part holds. */
export interface TextSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * A value that is written in a text otherwise than as JSON (a Python call, say): where it stands in the decoded text, and where
 * its members and items do.
 */
export interface Layout {
  readonly span: TextSpan;
  /** Of the member's key; absent for items, and for what has no key of its own. */
  readonly key?: TextSpan;
  readonly inside?: ReadonlyMap<string | number, Layout>;
}

/** The key of a member instead of its value; always the last step. */
export const KEY = Symbol("key");

export type Step = string | number | TextSpan | typeof KEY;

/** Shared: most places are in JSON, and there are many. */
const IN_JSON = {};

export class Ref {
  static readonly root = new Ref(undefined, 0);

  readonly parent: Ref | undefined;
  readonly step: Step;

  /**
   * How the value stands in `parent`, the string that holds it, where it is written in no language that the path could lead
   * through; undefined for JSON.
   */
  readonly layout: Layout | undefined;
  /** How the value is laid out that holds this one. */
  readonly holder: Layout | undefined;

  /** This is not the place that was asked for, but what it must be in: good to point at, not to write over. */
  readonly isAround: boolean;

  private constructor(
    parent: Ref | undefined,
    step: Step,
    { layout, holder, isAround = false }: { layout?: Layout; holder?: Layout; isAround?: boolean } = IN_JSON,
  ) {
    this.parent = parent;
    this.step = step;
    this.layout = layout;
    this.holder = holder;
    this.isAround = isAround;
  }

  at(...steps: readonly (string | number)[]): Ref {
    let ref: Ref = this;
    for (const step of steps) ref = ref.#child(step);
    return ref;
  }

  /** Where the layout does not say, the whole of what it lays out. */
  #child(step: string | number): Ref {
    if (this.layout === undefined || this.parent === undefined) return new Ref(this, step);
    const inside = this.layout.inside?.get(step);
    if (inside === undefined) return new Ref(this.parent, this.step, { layout: this.layout, isAround: true });
    return new Ref(this.parent, inside.span, { layout: inside, holder: this.layout });
  }

  /** The key under which this member stands. */
  get key(): Ref {
    if (this.layout === undefined) return new Ref(this, KEY);
    const { key } = this.layout;
    return key === undefined || this.parent === undefined ? this : this.parent.text(key.from, key.to);
  }

  /** A value in this string, whose parts are found by the layout instead of by reading JSON. */
  laidOut(layout: Layout): Ref {
    return new Ref(this, layout.span, { layout });
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
