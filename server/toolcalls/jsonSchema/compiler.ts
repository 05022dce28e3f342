/** Turns schemas into nodes, once for each schema object, and reports what is wrong with them instead of throwing. */
import { isJsonObject } from "../json.ts";
import type { Dialect } from "./dialects.ts";
import { type InPlace, loops } from "./loops.ts";
import type { Node } from "./node.ts";
import type { Located, Resource, Resources } from "./resources.ts";
import type { Path, SchemaError } from "./schemaError.ts";
import { MAX_SCHEMA_DEPTH } from "./subschemas.ts";
import { describeValue, quote } from "./words.ts";

/** Adds a keyword's checks to the node of its schema. */
export type KeywordCompiler = (keyword: KeywordInSchema) => void;

export interface CompilerOptions {
  /** Whether `format` is checked; a draft takes it as a remark. */
  formats: boolean;
  /** The keywords of a dialect; given, since they are made of what stands here. */
  keywordsOf(dialect: Dialect): ReadonlyMap<string, KeywordCompiler>;
}

export class Compiler {
  readonly errors: SchemaError[] = [];
  /** Which schemas apply others to the same value, and the keyword that says so. */
  readonly inPlace: InPlace[] = [];
  readonly options: CompilerOptions;
  readonly resources: Resources;
  readonly #nodes = new Map<object, Node>();
  readonly #dynamic = new Map<string, Map<Resource, Node>>();
  readonly #open: { node: Node; schema: Record<string, unknown>; at: Located }[] = [];

  constructor(resources: Resources, options: CompilerOptions) {
    this.resources = resources;
    this.options = options;
  }

  /** The node of a schema. Its checks are there once `finish` has run, so that references may go in circles. */
  node(at: Located): Node {
    const { schema, path } = at;
    const resource = this.resources.startingAt(schema) ?? at.resource;
    if (typeof schema === "object" && schema !== null) {
      const known = this.#nodes.get(schema);
      if (known !== undefined) return known;
    }
    const node: Node = { resource, checks: [], lastChecks: [] };
    if (schema === false) {
      node.checks.push((_value, run) =>
        run.fail(
          path,
          "false",
          () => "No value is allowed here.",
          () => ({}),
        ),
      );
    } else if (isJsonObject(schema)) {
      this.#nodes.set(schema, node);
      if (path.length > MAX_SCHEMA_DEPTH) {
        this.report(path, "depth", `This schema nests deeper than ${MAX_SCHEMA_DEPTH} levels; it is taken as true.`);
      } else this.#open.push({ node, schema, at: { schema, path, resource } });
    } else if (schema !== true) {
      this.report(
        path,
        "schema",
        `A schema must be an object, true or false, not ${describeValue(schema)}; it is ignored.`,
      );
    }
    return node;
  }

  /** For each resource that has this $dynamicAnchor, its node; complete once `finish` has run. */
  dynamicTargets(name: string): ReadonlyMap<Resource, Node> {
    const targets = this.#dynamic.get(name) ?? new Map<Resource, Node>();
    this.#dynamic.set(name, targets);
    return targets;
  }

  /** Compiles all nodes that were asked for, and those they ask for. */
  finish(): void {
    this.#compileAll();
    for (const { path, keyword } of loops(this.inPlace)) {
      const message = "This leads back to itself without going into the value, so it says nothing; it is ignored.";
      this.report(path, keyword, message, { reason: "loop" });
    }
  }

  #compileAll(): void {
    do {
      this.#compileOpen();
      // Compiling may have brought documents whose anchors a dynamic reference can land on.
      for (const [name, targets] of this.#dynamic) {
        for (const resource of this.resources.all()) {
          const anchor = resource.dynamicAnchors.get(name);
          if (anchor !== undefined && !targets.has(resource)) targets.set(resource, this.node(anchor));
        }
      }
    } while (this.#open.length > 0);
  }

  #compileOpen(): void {
    // The list grows while it is walked, so that reports come in the order of the document, level by level.
    for (const { node, schema, at } of this.#open) {
      const { dialect } = at.resource;
      const keywords = this.options.keywordsOf(dialect);
      // Draft-07: what stands beside $ref does not count.
      const alone = dialect.draft === "draft-07" && typeof schema.$ref === "string";
      for (const keyword of alone ? ["$ref"] : Object.keys(schema)) {
        keywords.get(keyword)?.(new KeywordInSchema(this, node, keyword, schema, at));
      }
    }
    this.#open.length = 0;
  }

  report(schemaPath: Path, keyword: string, message: string, params: Record<string, unknown> = {}): void {
    this.errors.push({ instancePath: [], schemaPath: [...schemaPath], keyword, message, params });
  }
}

/** One keyword where it stands, with what its compiler needs. */
export class KeywordInSchema {
  readonly compiler: Compiler;
  readonly node: Node;
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly path: Path;
  readonly resource: Resource;

  constructor(compiler: Compiler, node: Node, name: string, schema: Record<string, unknown>, at: Located) {
    this.compiler = compiler;
    this.node = node;
    this.name = name;
    this.schema = schema;
    this.value = schema[name];
    this.path = [...at.path, name];
    this.resource = at.resource;
  }

  /** The node of a schema inside this keyword. */
  child(schema: unknown, ...steps: (string | number)[]): Node {
    return this.compiler.node({ schema, path: [...this.path, ...steps], resource: this.resource });
  }

  /** Notes that a schema is applied to the very value that this one is; gives it back. */
  inPlace(node: Node): Node {
    this.compiler.inPlace.push({ from: this.node, to: node, keyword: this.name, path: this.path });
    return node;
  }

  /** The keywords that count where this one stands. */
  get keywords(): ReadonlyMap<string, KeywordCompiler> {
    return this.compiler.options.keywordsOf(this.resource.dialect);
  }

  /** The node of another keyword's schema; undefined where the schema lacks that keyword. */
  sibling(keyword: string): Node | undefined {
    if (!Object.hasOwn(this.schema, keyword)) return undefined;
    const path = [...this.path.slice(0, -1), keyword];
    return this.compiler.node({ schema: this.schema[keyword], path, resource: this.resource });
  }

  /** Notes that the keyword's value is not what it must be. */
  malformed(expected: string): void {
    // `required: true` on a property is a habit of its own, which a rule may want to mend.
    const actual = typeof this.value === "boolean" ? { actual: this.value } : {};
    this.report(`"${this.name}" must be ${expected}, not ${describeValue(this.value)}; it is ignored.`, {
      expected,
      ...actual,
    });
  }

  report(message: string, params: Record<string, unknown> = {}, ...steps: (string | number)[]): void {
    this.compiler.report([...this.path, ...steps], this.name, message, params);
  }

  /** The schemas of a keyword that holds a map of them; none where it holds something else. */
  map(): [key: string, node: Node][] {
    if (!isJsonObject(this.value)) {
      this.malformed("an object of schemas");
      return [];
    }
    return Object.entries(this.value).map(([key, schema]) => [key, this.child(schema, key)]);
  }

  /** The schemas of a keyword that holds a list of them; undefined where it holds something else. */
  list(): Node[] | undefined {
    if (!Array.isArray(this.value) || this.value.length === 0) {
      this.malformed("an array of schemas that is not empty");
      return undefined;
    }
    return this.value.map((schema, index) => this.child(schema, index));
  }

  /** Texts in an array; those that are none are reported and left out. */
  strings(): string[] | undefined {
    if (!Array.isArray(this.value)) {
      this.malformed("an array of strings");
      return undefined;
    }
    return this.value.filter((item, index): item is string => {
      if (typeof item === "string") return true;
      this.report(`"${this.name}" holds ${quote(item)}, which is no string; it is ignored.`, {}, index);
      return false;
    });
  }
}
