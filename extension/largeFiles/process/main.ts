/** The process that checks one large file and ends: started by the extension host, whose thread it keeps free. */
import { InputError } from "../../../schemas/problem.ts";
import { serveOne } from "../../processes/serveOne.ts";
import { type CheckMessage, CheckRequest } from "../messages.ts";
import { checkFile } from "./checkFile.ts";

/** What the disk refuses is not a defect of ours. */
const REFUSALS = new Set(["EACCES", "EPERM", "EBUSY", "ENOENT", "EIO", "EISDIR"]);

function refusal(error: unknown): string | undefined {
  if (error instanceof InputError) return error.message;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return error instanceof Error && REFUSALS.has(code) ? `The file cannot be read: ${error.message}.` : undefined;
}

serveOne<typeof CheckRequest, CheckMessage>({
  request: CheckRequest,
  work: async (request, tell) => {
    let last: Promise<void> = Promise.resolve();
    await checkFile(request, (message) => {
      last = tell(message);
    });
    await last;
  },
  refusal: (error) => {
    const sentence = refusal(error);
    return sentence === undefined ? undefined : { kind: "refused", sentence };
  },
});
