// Amplify's Auth and GraphQL client: the same query as a guest, by user pool and by IAM.
import { Amplify } from "aws-amplify";
import { generateClient } from "aws-amplify/api";
import { fetchAuthSession, getCurrentUser, signIn } from "aws-amplify/auth";
import { asked, tell } from "./input.mjs";

const QUERY = "query List($limit: Int) { listUsers(limit: $limit) { items { userId firstname } nextToken } }";

Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: asked.userPoolId,
      userPoolClientId: asked.clientId,
      identityPoolId: asked.identityPoolId,
      userPoolEndpoint: `${asked.endpoint}/`,
      identityPoolEndpoint: `${asked.endpoint}/`,
      allowGuestAccess: true,
    },
  },
  API: { GraphQL: { endpoint: asked.graphqlUrl, region: asked.region, defaultAuthMode: "userPool" } },
});

async function listUsers() {
  const client = generateClient();
  const answer = await client.graphql({ query: QUERY, variables: { limit: 5 }, authMode: asked.authMode });
  const { items, nextToken } = answer.data.listUsers;
  return { users: items.length, more: nextToken !== null };
}

async function signedIn() {
  const step = await signIn({ username: asked.username, password: asked.password });
  const renewed = await fetchAuthSession({ forceRefresh: true });
  return {
    step: step.nextStep.signInStep,
    name: (await getCurrentUser()).username,
    renewedGroups: renewed.tokens.idToken.payload["cognito:groups"],
  };
}

await tell(async () => {
  const who = asked.username ? await signedIn() : {};
  try {
    return { ...who, ...(await listUsers()) };
  } catch (answer) {
    // The GraphQL client throws the whole answer when it carries errors.
    if (!answer.errors) throw answer;
    return { ...who, errors: answer.errors.map((error) => error.message) };
  }
});
