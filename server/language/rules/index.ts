/** Every rule. A test holds that no file of this folder is forgotten here. */
import { argumentConstraint } from "./argumentConstraint.ts";
import { argumentEnum } from "./argumentEnum.ts";
import { argumentMissing } from "./argumentMissing.ts";
import { argumentsForm } from "./argumentsForm.ts";
import { argumentsNotJson } from "./argumentsNotJson.ts";
import { argumentsNotObject } from "./argumentsNotObject.ts";
import { argumentType } from "./argumentType.ts";
import { argumentUnknown } from "./argumentUnknown.ts";
import { arrayItems } from "./arrayItems.ts";
import { defaultEnum } from "./defaultEnum.ts";
import { defaultNull } from "./defaultNull.ts";
import { defaultType } from "./defaultType.ts";
import { duplicateDemonstration } from "./duplicateDemonstration.ts";
import { duplicateId } from "./duplicateId.ts";
import { duplicateKey } from "./duplicateKey.ts";
import { duplicateSample } from "./duplicateSample.ts";
import { duplicateTool } from "./duplicateTool.ts";
import { enumOnArray } from "./enumOnArray.ts";
import { enumType } from "./enumType.ts";
import { goldEmptyOptions } from "./goldEmptyOptions.ts";
import { goldOmittedRequired } from "./goldOmittedRequired.ts";
import { goldOnlyOmitted } from "./goldOnlyOmitted.ts";
import { heldOutOverlap } from "./heldOutOverlap.ts";
import { jsonSyntax } from "./jsonSyntax.ts";
import { leak } from "./leak.ts";
import { neverDemonstrated } from "./neverDemonstrated.ts";
import { optionalKeyword } from "./optionalKeyword.ts";
import { recordShape } from "./recordShape.ts";
import { recordTooDeep } from "./recordTooDeep.ts";
import { recordTooLong } from "./recordTooLong.ts";
import { requiredOutside } from "./requiredOutside.ts";
import { requiredUnknown } from "./requiredUnknown.ts";
import type { Rule } from "./rule.ts";
import { schemaTypeName } from "./schemaTypeName.ts";
import { severalCallTags } from "./severalCallTags.ts";
import { toolName } from "./toolName.ts";
import { unknownTool } from "./unknownTool.ts";

export const RULES: readonly Rule[] = [
  argumentConstraint,
  argumentEnum,
  argumentMissing,
  argumentType,
  argumentUnknown,
  argumentsForm,
  argumentsNotJson,
  argumentsNotObject,
  arrayItems,
  defaultEnum,
  defaultNull,
  defaultType,
  duplicateDemonstration,
  duplicateId,
  duplicateKey,
  duplicateSample,
  duplicateTool,
  enumOnArray,
  enumType,
  goldEmptyOptions,
  goldOmittedRequired,
  goldOnlyOmitted,
  heldOutOverlap,
  jsonSyntax,
  leak,
  neverDemonstrated,
  optionalKeyword,
  recordShape,
  recordTooDeep,
  recordTooLong,
  requiredOutside,
  requiredUnknown,
  schemaTypeName,
  severalCallTags,
  toolName,
  unknownTool,
];
