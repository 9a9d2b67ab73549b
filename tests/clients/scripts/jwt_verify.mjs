// aws-jwt-verify: tokens against the keys that the local cloud publishes.
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { asked, tell } from "./input.mjs";

// The verifier asks for the keys at the issuer's own address; only that address is exchanged.
const fetcher = {
  async fetch(address) {
    const answer = await fetch(asked.endpoint + new URL(address).pathname);
    return answer.arrayBuffer();
  },
};
const verifier = CognitoJwtVerifier.create(
  {
    userPoolId: asked.userPoolId,
    clientId: asked.clientId,
    tokenUse: asked.tokenUse,
    groups: asked.groups,
  },
  { jwksCache: new SimpleJwksCache({ fetcher }) },
);

async function verdict(token) {
  try {
    const claims = await verifier.verify(token);
    return { tokenUse: claims.token_use, groups: claims["cognito:groups"] };
  } catch (error) {
    return error.constructor.name;
  }
}

await tell(() => Promise.all(asked.tokens.map(verdict)));
