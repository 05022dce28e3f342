/** Every rule. A test holds that no file of this folder is forgotten here. */
import { anthropicDraft } from "./anthropicDraft.ts";
import { anthropicPropertyName } from "./anthropicPropertyName.ts";
import { anthropicRoot } from "./anthropicRoot.ts";
import { argumentConstraint } from "./argumentConstraint.ts";
import { argumentEnum } from "./argumentEnum.ts";
import { argumentMissing } from "./argumentMissing.ts";
import { argumentsForm } from "./argumentsForm.ts";
import { argumentsNotJson } from "./argumentsNotJson.ts";
import { argumentsNotObject } from "./argumentsNotObject.ts";
import { argumentType } from "./argumentType.ts";
import { argumentUnknown } from "./argumentUnknown.ts";
import { arrayItems } from "./arrayItems.ts";
import { arrowNulls } from "./arrowNulls.ts";
import { assistantTwice } from "./assistantTwice.ts";
import { callsWithoutTools } from "./callsWithoutTools.ts";
import { callWithoutResult } from "./callWithoutResult.ts";
import { defaultEnum } from "./defaultEnum.ts";
import { defaultNull } from "./defaultNull.ts";
import { defaultType } from "./defaultType.ts";
import { duplicateDemonstration } from "./duplicateDemonstration.ts";
import { duplicateId } from "./duplicateId.ts";
import { duplicateKey } from "./duplicateKey.ts";
import { duplicateSample } from "./duplicateSample.ts";
import { duplicateTool } from "./duplicateTool.ts";
import { emptyContent } from "./emptyContent.ts";
import { enumOnArray } from "./enumOnArray.ts";
import { enumType } from "./enumType.ts";
import { enumValues } from "./enumValues.ts";
import { experimentPath } from "./experimentPath.ts";
import { experimentSettings } from "./experimentSettings.ts";
import { geminiEnum } from "./geminiEnum.ts";
import { geminiKeyword } from "./geminiKeyword.ts";
import { geminiName } from "./geminiName.ts";
import { goldEmptyOptions } from "./goldEmptyOptions.ts";
import { goldOmittedRequired } from "./goldOmittedRequired.ts";
import { goldOnlyOmitted } from "./goldOnlyOmitted.ts";
import { heldOutOverlap } from "./heldOutOverlap.ts";
import { jsonSyntax } from "./jsonSyntax.ts";
import { leak } from "./leak.ts";
import { mcpName } from "./mcpName.ts";
import { mcpSchema } from "./mcpSchema.ts";
import { misplacedCalls } from "./misplacedCalls.ts";
import { mistralCallId } from "./mistralCallId.ts";
import { neverDemonstrated } from "./neverDemonstrated.ts";
import { openaiLimits } from "./openaiLimits.ts";
import { openaiRoot } from "./openaiRoot.ts";
import { optionalKeyword } from "./optionalKeyword.ts";
import { outputSchema } from "./outputSchema.ts";
import { propertyType } from "./propertyType.ts";
import { recordShape } from "./recordShape.ts";
import { recordTooDeep } from "./recordTooDeep.ts";
import { recordTooLong } from "./recordTooLong.ts";
import { replacementAnswer } from "./replacementAnswer.ts";
import { replacementEmpty } from "./replacementEmpty.ts";
import { replacementRow } from "./replacementRow.ts";
import { replacementTwice } from "./replacementTwice.ts";
import { requiredOutside } from "./requiredOutside.ts";
import { requiredUnknown } from "./requiredUnknown.ts";
import { resultInput } from "./resultInput.ts";
import { resultName } from "./resultName.ts";
import { resultWithoutCall } from "./resultWithoutCall.ts";
import type { Rule } from "./rule.ts";
import { schemaBounds } from "./schemaBounds.ts";
import { schemaDraft } from "./schemaDraft.ts";
import { schemaKeyword } from "./schemaKeyword.ts";
import { schemaMalformed } from "./schemaMalformed.ts";
import { schemaPattern } from "./schemaPattern.ts";
import { schemaReference } from "./schemaReference.ts";
import { schemaTypeName } from "./schemaTypeName.ts";
import { severalCallTags } from "./severalCallTags.ts";
import { speakerOrder } from "./speakerOrder.ts";
import { strictClosed } from "./strictClosed.ts";
import { strictKeyword } from "./strictKeyword.ts";
import { strictLimits } from "./strictLimits.ts";
import { strictRequired } from "./strictRequired.ts";
import { tagInArgument } from "./tagInArgument.ts";
import { tagInThought } from "./tagInThought.ts";
import { thoughtInCall } from "./thoughtInCall.ts";
import { toolName } from "./toolName.ts";
import { unknownRole } from "./unknownRole.ts";
import { unknownTool } from "./unknownTool.ts";
import { unwrappedCall } from "./unwrappedCall.ts";

export const RULES: readonly Rule[] = [
  anthropicDraft,
  anthropicPropertyName,
  anthropicRoot,
  argumentConstraint,
  argumentEnum,
  argumentMissing,
  argumentsForm,
  argumentsNotJson,
  argumentsNotObject,
  argumentType,
  argumentUnknown,
  arrayItems,
  arrowNulls,
  assistantTwice,
  callsWithoutTools,
  callWithoutResult,
  defaultEnum,
  defaultNull,
  defaultType,
  duplicateDemonstration,
  duplicateId,
  duplicateKey,
  duplicateSample,
  duplicateTool,
  emptyContent,
  enumOnArray,
  enumType,
  enumValues,
  experimentPath,
  experimentSettings,
  geminiEnum,
  geminiKeyword,
  geminiName,
  goldEmptyOptions,
  goldOmittedRequired,
  goldOnlyOmitted,
  heldOutOverlap,
  jsonSyntax,
  leak,
  mcpName,
  mcpSchema,
  misplacedCalls,
  mistralCallId,
  neverDemonstrated,
  openaiLimits,
  openaiRoot,
  optionalKeyword,
  outputSchema,
  propertyType,
  recordShape,
  recordTooDeep,
  recordTooLong,
  replacementAnswer,
  replacementEmpty,
  replacementRow,
  replacementTwice,
  requiredOutside,
  requiredUnknown,
  resultInput,
  resultName,
  resultWithoutCall,
  schemaBounds,
  schemaDraft,
  schemaKeyword,
  schemaMalformed,
  schemaPattern,
  schemaReference,
  schemaTypeName,
  severalCallTags,
  speakerOrder,
  strictClosed,
  strictKeyword,
  strictLimits,
  strictRequired,
  tagInArgument,
  tagInThought,
  thoughtInCall,
  toolName,
  unknownRole,
  unknownTool,
  unwrappedCall,
];
