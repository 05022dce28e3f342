/**
 * A graph that runs without us. Elsewhere the host works out each reshape target and feeds it, which costs a graph nothing; who
 * runs an exported file knows the model's inputs alone, so that here the graph reads its sizes off those and computes the rest.
 */
import { type Dim, type Shape, type Term, termsOf } from "../graph/dims.ts";
import { Graph, type Value } from "../graph/graph.ts";

export class SelfSizedGraph extends Graph {
  /** Sizes by name, and what was computed from them by its spelling, each a vector. */
  readonly #known = new Map<string, Value>();

  /** Gives a named size its value, an int64 vector of one element. */
  measure(name: string, size: Value): void {
    this.#known.set(name, size);
  }

  override dims(shape: Shape): Value {
    if (shape.every((dim) => typeof dim === "number")) return super.dims(shape);
    return this.#once(shape.join(","), () => {
      const sizes = shape.map((dim) => this.#size(dim));
      return sizes.length === 1 ? (sizes[0] as Value) : this.node("Concat", sizes, [sizes.length], { axis: 0 });
    });
  }

  #size(dim: Dim): Value {
    if (typeof dim === "number") return this.integers(dim);
    return this.#once(dim, () =>
      termsOf(dim)
        .map((term) => this.#term(term))
        .reduce(this.#both("Add")),
    );
  }

  #term({ coefficient, names }: Term): Value {
    const sizes = names.map((name) => {
      const size = this.#known.get(name);
      if (size === undefined) throw new Error(`The graph does not know the size ${name}`);
      return size;
    });
    const factors = coefficient === 1 && sizes.length > 0 ? sizes : [...sizes, this.integers(coefficient)];
    return factors.reduce(this.#both("Mul"));
  }

  #both(op: "Add" | "Mul"): (a: Value, b: Value) => Value {
    return (a, b) => this.node(op, [a, b], [1]);
  }

  #once(key: string, make: () => Value): Value {
    const value = this.#known.get(key) ?? make();
    this.#known.set(key, value);
    return value;
  }
}
