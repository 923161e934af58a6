"""Side by side with other libraries: their rankings and ours, by one evaluator."""
