-- Ends all claims of rows that another service took out of `processing`.
{forget_claims only=}
