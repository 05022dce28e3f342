/** The metaschemas of the drafts, which a tool's schema may refer to. They come with ajv, so that no copy of ours ages. */

import applicator from "ajv/dist/refs/json-schema-2020-12/meta/applicator.json" with { type: "json" };
import content from "ajv/dist/refs/json-schema-2020-12/meta/content.json" with { type: "json" };
import core from "ajv/dist/refs/json-schema-2020-12/meta/core.json" with { type: "json" };
import format from "ajv/dist/refs/json-schema-2020-12/meta/format-annotation.json" with { type: "json" };
import metadata from "ajv/dist/refs/json-schema-2020-12/meta/meta-data.json" with { type: "json" };
import unevaluated from "ajv/dist/refs/json-schema-2020-12/meta/unevaluated.json" with { type: "json" };
import validation from "ajv/dist/refs/json-schema-2020-12/meta/validation.json" with { type: "json" };
import draft202012 from "ajv/dist/refs/json-schema-2020-12/schema.json" with { type: "json" };
import draft07 from "ajv/dist/refs/json-schema-draft-07.json" with { type: "json" };

const byUri = new Map<string, unknown>(
  [draft202012, applicator, content, core, format, metadata, unevaluated, validation, draft07].map((document) => [
    document.$id.replace(/#$/, ""),
    document,
  ]),
);

/** The metaschema of a URI without fragment. */
export const standardDocument = (uri: string): unknown => byUri.get(uri);
