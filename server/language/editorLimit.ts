/** Bytes beyond which the editor gives a file to no extension (it counts UTF-16 units, which are never more). */
export const EDITOR_LIMIT: number = 50 * 1024 * 1024;
