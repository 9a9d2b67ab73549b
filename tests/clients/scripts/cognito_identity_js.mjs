// amazon-cognito-identity-js: sign in over SRP and read one's own attributes.
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import { asked, tell } from "./input.mjs";

const pool = new CognitoUserPool({
  UserPoolId: asked.userPoolId,
  ClientId: asked.clientId,
  endpoint: `${asked.endpoint}/`,
});
const user = new CognitoUser({ Username: asked.username, Pool: pool });
const details = new AuthenticationDetails({ Username: asked.username, Password: asked.password });

function signedIn() {
  return new Promise((onSuccess, onFailure) => {
    user.authenticateUser(details, {
      onSuccess,
      onFailure,
      newPasswordRequired: () => onFailure(new Error("NEW_PASSWORD_REQUIRED")),
    });
  });
}

function attributes() {
  return new Promise((onSuccess, onFailure) => {
    user.getUserAttributes((error, found) => (error ? onFailure(error) : onSuccess(found)));
  });
}

await tell(async () => {
  const session = await signedIn();
  const found = await attributes();
  return {
    valid: session.isValid(),
    groups: session.getIdToken().decodePayload()["cognito:groups"],
    email: found.find((attribute) => attribute.getName() === "email").getValue(),
  };
});
