"""What MiniStack's Cognito lacks, and what it must refuse."""
