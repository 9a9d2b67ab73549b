"""API Gateway's Cognito authorizer: whose token passes, and what the function behind it is told."""
