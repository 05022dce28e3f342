/** Names of what server and client say to each other beyond the protocol. Apart from the server, so that a client loads only them. */

/** The lines that are on the screen, from 0, both included; sent by the client when they change. */
export const VISIBLE_LINES = "toolexpander/visibleLines";

/** Sent by the client whenever a run has counted anew. */
export const HARD_COUNTS = "toolexpander/hardCounts";

/** Asks for a conversion: `{uri, dialect}`; nothing is changed by it. */
export const CONVERT = "toolexpander/convert";

/** Asks which dialect an open document is read in: `{uri}`; answers `{detected?, chosen?}`, ids of dialects. */
export const DIALECT = "toolexpander/dialect";

/**
 * Asks for completions in a text that is not in an open document yet: `{uri, path, text, offset}`, where the text stands in
 * place of the value at the path, and the offset in it; answers items with offsets in it.
 */
export const COMPLETE_DRAFT = "toolexpander/completeDraft";

/** A command of the client: shows where a tool is used; uri, position. */
export const SHOW_REFERENCES = "toolexpander.showReferences";
