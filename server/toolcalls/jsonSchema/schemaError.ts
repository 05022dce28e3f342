/** What validation and the inspection of a schema report, as plain data. */

/** Steps from a document's root; a number is a position in an array. */
export type Path = readonly (string | number)[];

export interface SchemaError {
  /** Where in the value. For an unknown property it names that property; for a missing one, the object that lacks it. */
  instancePath: (string | number)[];
  /**
   * Where in the schema the keyword stands, references followed. In a document other than the schema itself (a
   * standard metaschema, `documents`), the first step is that document's URI.
   */
  schemaPath: (string | number)[];
  /** The keyword that is not satisfied; `false` for a schema that is `false`, `budget` where checking was cut short. */
  keyword: string;
  /** One or two sentences for a person. */
  message: string;
  params: Record<string, unknown>;
}
