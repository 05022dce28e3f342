/** Names of documents: uris in the protocol, paths in everything else. */
import { sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** A document that is no file on disk keeps its uri for a name. */
export const pathOf = (uri: string): string => (uri.startsWith("file:") ? fileURLToPath(uri) : uri);

export const uriOf = (file: string): string =>
  /^[a-z][a-z+.-]+:/i.test(file) && !/^[a-z]:/i.test(file) ? file : pathToFileURL(file).href;

/** In the folder itself or in one inside it. */
export const isInside = (file: string, folder: string): boolean =>
  file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
