/** Schema resources: what `$id`, anchors and references name. Nothing is ever fetched; a document is given or unknown. */
import { isJsonObject } from "../json.ts";
import { type Dialect, dialectOf } from "./dialects.ts";
import { standardDocument } from "./metaschemas.ts";
import type { Path } from "./schemaError.ts";
import { MAX_SCHEMA_DEPTH, subschemas } from "./subschemas.ts";
import { decoded, resolveUri, split } from "./uris.ts";

/** A part of a document with a URI of its own: its root, or a subschema with `$id`. */
export interface Resource {
  uri: string;
  schema: unknown;
  /** From the root of the document. */
  path: Path;
  dialect: Dialect;
  anchors: Map<string, Located>;
  dynamicAnchors: Map<string, Located>;
}

/** A schema and where it stands. */
export interface Located {
  schema: unknown;
  /** From the root of the document. */
  path: Path;
  resource: Resource;
}

export class Resources {
  readonly #byUri = new Map<string, Resource>();
  readonly #byRoot = new Map<object, Resource>();
  readonly #documents: ReadonlyMap<string, unknown>;

  constructor(documents: ReadonlyMap<string, unknown>) {
    this.#documents = documents;
  }

  /**
   * Takes in a document; its paths begin with `prefix`.
   * @param named whether schemas inside may have names (`$id`, anchors), which takes a walk over all of them
   */
  add(schema: unknown, uri: string, prefix: Path, dialect: Dialect, named = true): Located {
    const root = this.#open(schema, uri, prefix, dialect);
    const open: Located[] = named ? [root] : [];
    for (let here = open.pop(); here !== undefined; here = open.pop()) {
      if (!isJsonObject(here.schema) || here.path.length > MAX_SCHEMA_DEPTH) continue;
      const { resource } = here;
      this.#noteAnchors(here.schema, here);
      for (const { schema: child, steps } of subschemas(here.schema, resource.dialect)) {
        const path = [...here.path, ...steps];
        const id = isJsonObject(child) ? identifier(child, resource.dialect) : undefined;
        const childUri = id === undefined ? undefined : resolveUri(id, resource.uri);
        open.push(
          childUri === undefined
            ? { schema: child, path, resource }
            : this.#open(child, childUri, path, this.dialectAt(child, resource.dialect)),
        );
      }
    }
    return root;
  }

  /** Every resource that is indexed by now. */
  all(): Iterable<Resource> {
    return new Set(this.#byUri.values());
  }

  /** The resource whose root a schema is. */
  startingAt(schema: unknown): Resource | undefined {
    return typeof schema === "object" && schema !== null ? this.#byRoot.get(schema) : undefined;
  }

  /** The dialect a schema names by `$schema`; `otherwise` where it names none that is known. */
  dialectAt(schema: unknown, otherwise: Dialect): Dialect {
    if (!isJsonObject(schema) || typeof schema.$schema !== "string") return otherwise;
    return dialectOf(schema.$schema, (uri) => this.#documents.get(uri)) ?? otherwise;
  }

  /** What a reference names, seen from a resource; undefined where that is unknown. */
  resolve(reference: string, from: Resource): Located | undefined {
    const uri = resolveUri(reference, from.uri);
    if (uri === undefined) return undefined;
    const [base = "", fragment = ""] = split(uri);
    const resource = base === split(from.uri)[0] ? from : this.#outside(base, from.dialect);
    if (resource === undefined) return undefined;
    const name = decoded(fragment);
    if (name === undefined) return undefined;
    if (name === "") return { schema: resource.schema, path: resource.path, resource };
    if (!name.startsWith("/")) return resource.anchors.get(name);
    return this.#follow(name.slice(1).split("/"), resource);
  }

  #open(schema: unknown, uri: string, path: Path, dialect: Dialect): Located {
    const [base = ""] = split(uri);
    const resource: Resource = {
      uri: base,
      schema,
      path,
      dialect,
      anchors: new Map(),
      dynamicAnchors: new Map(),
    };
    if (!this.#byUri.has(base)) this.#byUri.set(base, resource);
    if (typeof schema === "object" && schema !== null) this.#byRoot.set(schema, resource);
    return { schema, path, resource };
  }

  #noteAnchors(schema: Record<string, unknown>, here: Located): void {
    const { $anchor, $dynamicAnchor, $id } = schema;
    const { anchors, dynamicAnchors, dialect } = here.resource;
    if (dialect.draft === "draft-07") {
      // Before $anchor existed, an $id that is only (or ends in) a fragment was the anchor.
      const name = typeof $id === "string" && schema.$ref === undefined ? split($id)[1] : undefined;
      if (name !== undefined && name !== "") anchors.set(name, here);
      return;
    }
    if (typeof $anchor === "string") anchors.set($anchor, here);
    if (typeof $dynamicAnchor === "string") {
      anchors.set($dynamicAnchor, here);
      dynamicAnchors.set($dynamicAnchor, here);
    }
  }

  /** A resource by its URI, from the documents that are known; one that names no draft has that of who refers to it. */
  #outside(uri: string, otherwise: Dialect): Resource | undefined {
    const known = this.#byUri.get(uri);
    if (known !== undefined) return known;
    const given = this.#documents.get(uri) ?? standardDocument(uri);
    if (given === undefined) return undefined;
    const dialect = this.dialectAt(given, otherwise);
    const id = isJsonObject(given) ? identifier(given, dialect) : undefined;
    const { resource } = this.add(given, (id === undefined ? undefined : resolveUri(id, uri)) ?? uri, [uri], dialect);
    if (!this.#byUri.has(uri)) this.#byUri.set(uri, resource);
    return resource;
  }

  /** A JSON pointer within a resource; a subschema with an `$id` on the way is a resource of its own. */
  #follow(steps: string[], start: Resource): Located | undefined {
    let { schema, path } = start;
    let resource = start;
    for (const step of steps) {
      const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof schema !== "object" || schema === null || !Object.hasOwn(schema, key)) return undefined;
      path = [...path, Array.isArray(schema) ? Number(key) : key];
      schema = (schema as Record<string, unknown>)[key];
      resource = this.startingAt(schema) ?? resource;
    }
    return { schema, path, resource };
  }
}

/** The `$id` that starts a new resource, if the schema has one. */
export function identifier(schema: Record<string, unknown>, { draft }: Dialect): string | undefined {
  const { $id } = schema;
  if (typeof $id !== "string") return undefined;
  // In draft-07 a $ref hides what stands beside it, and an $id of only a fragment is an anchor.
  if (draft === "draft-07" && (schema.$ref !== undefined || $id.startsWith("#"))) return undefined;
  return $id;
}
