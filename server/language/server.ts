/** The language server's process: speaks over ipc (--node-ipc) or its standard streams (--stdio). */
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { serve } from "./connect.ts";
import { keepHeapSmall } from "./heap.ts";

keepHeapSmall();
serve(createConnection(ProposedFeatures.all));
