/** `node scripts/episodes/generate.ts [--out DIR] [--check]`: writes or checks the workspace of the episodes. */
import { writeWorkspace } from "../quickstart/writeWorkspace.ts";
import { experiment, workspaceFiles } from "./workspaceFiles.ts";

writeWorkspace({ example: "episodes", files: workspaceFiles(), experiment });
