/** `node scripts/quickstart/generate.ts [--out DIR] [--check]`: writes or checks the quickstart workspace. */
import { experiment, workspaceFiles } from "./workspaceFiles.ts";
import { writeWorkspace } from "./writeWorkspace.ts";

writeWorkspace({ example: "quickstart", files: workspaceFiles(), experiment });
