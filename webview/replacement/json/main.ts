/** Entry of the JSON editor, a script of its own: CodeMirror is as large as all the rest of the view. */
import { openJsonEditor } from "./jsonEditor.ts";

globalThis.toolexpanderJsonEditors = { open: openJsonEditor };
