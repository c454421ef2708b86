import {
  acceptedContent,
  createRequestStateCodec,
  type InputRequest,
  inputRequired,
  type InputRequiredResult,
  inputResponse,
  type ServerContext,
} from "@modelcontextprotocol/server";
import * as z from "zod";

/** Calls of the stateless protocol that end with a question, and are repeated with its answer. */

interface Question {
  readonly request: InputRequest;
  isAnswered(responses: Responses, key: string): boolean;
}

type Responses = ServerContext["mcpReq"]["inputResponses"];

function form(message: string, requestedSchema: z.ZodObject): Question {
  return {
    request: inputRequired.elicit({ message, requestedSchema }),
    isAnswered: (responses, key) => acceptedContent(responses, key, requestedSchema) !== undefined,
  };
}

function sampling(text: string): Question {
  const messages = [{ role: "user" as const, content: { type: "text" as const, text } }];
  return {
    request: inputRequired.createMessage({ messages, maxTokens: 100 }),
    isAnswered: (responses, key) => inputResponse(responses, key).kind === "sampling",
  };
}

const roots: Question = {
  request: inputRequired.listRoots(),
  isAnswered: (responses, key) => inputResponse(responses, key).kind === "roots",
};

const name = form("What is your name?", z.object({ name: z.string() }));
const confirm = form("Please confirm", z.object({ ok: z.boolean() }));
const everyKind = {
  user_name: name,
  greeting: sampling("Generate a greeting"),
  client_roots: roots,
};

export interface Conversation {
  /** Each round asks all its questions at once. */
  readonly rounds: readonly Readonly<Record<string, Question>>[];
  /** Whether the round travels in a signed `requestState`, which the server verifies. */
  readonly isSealed?: boolean;
  /** What the tool says in the end. */
  readonly answer: string;
}

export const CONVERSATIONS: Readonly<Record<string, Conversation>> = {
  test_missing_capability: {
    rounds: [{ llm_answer: sampling("Reply with the single word: pong") }],
    answer: "Sampled.",
  },
  test_input_required_result_elicitation: { rounds: [{ user_name: name }], answer: "Hello!" },
  test_input_required_result_sampling: {
    rounds: [{ capital_question: sampling("What is the capital of France?") }],
    answer: "Sampled.",
  },
  test_input_required_result_list_roots: { rounds: [{ client_roots: roots }], answer: "Listed." },
  test_input_required_result_request_state: {
    rounds: [{ confirm }],
    isSealed: true,
    answer: "state-ok",
  },
  test_input_required_result_multiple_inputs: {
    rounds: [everyKind],
    isSealed: true,
    answer: "Hello!",
  },
  test_input_required_result_multi_round: {
    rounds: [
      { step1: form("Step 1: What is your name?", z.object({ name: z.string() })) },
      { step2: form("Step 2: What is your favorite color?", z.object({ color: z.string() })) },
    ],
    isSealed: true,
    answer: "Thank you.",
  },
  test_input_required_result_tampered_state: {
    rounds: [{ confirm }],
    isSealed: true,
    answer: "state-ok",
  },
};

const promptContext = form("What context should it use?", z.object({ context: z.string() }));

export const PROMPT_CONVERSATION: Conversation = {
  rounds: [{ user_context: promptContext }],
  answer: "Use the context that was given.",
};

interface SealedState {
  round: number;
}

export const stateCodec = createRequestStateCodec<SealedState>({
  key: "what the referee's fixtures sign their state with",
});

/** The next question of a conversation, or `undefined` when all are answered. */
export async function nextQuestion(
  { rounds, isSealed = false }: Conversation,
  ctx: ServerContext,
): Promise<InputRequiredResult | undefined> {
  const { inputResponses, requestState } = ctx.mcpReq;
  const state = isSealed ? requestState<SealedState>() : undefined;
  const round = state?.round ?? 0;
  const asked = Object.entries(rounds[round] ?? {});
  const isDone =
    (!isSealed || state !== undefined) &&
    asked.every(([key, question]) => question.isAnswered(inputResponses, key));
  const next = isDone ? rounds[round + 1] : rounds[round];
  if (!next) return undefined;
  const nextRound = isDone ? round + 1 : round;
  return inputRequired({
    inputRequests: requestsOf(next),
    ...(isSealed && { requestState: await stateCodec.mint({ round: nextRound }) }),
  });
}

/** Of one question of every kind, those that a client with these capabilities can answer. */
export function answerable(
  capabilities: { elicitation?: object; sampling?: object; roots?: object } = {},
): InputRequiredResult {
  const { elicitation, sampling: models, roots: folders } = capabilities;
  return inputRequired({
    inputRequests: requestsOf({
      ...(elicitation && { user_name: everyKind.user_name }),
      ...(models && { greeting: everyKind.greeting }),
      ...(folders && { client_roots: everyKind.client_roots }),
    }),
  });
}

function requestsOf(questions: Readonly<Record<string, Question>>): Record<string, InputRequest> {
  return Object.fromEntries(Object.entries(questions).map(([key, { request }]) => [key, request]));
}
