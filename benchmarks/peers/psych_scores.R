# The same scoring with R's psych package: Rscript psych_scores.R ANSWERS SCORES scoreItems|scoreFast
# It has no rule for how many items must be answered, so it gives a score where there should be none.
suppressPackageStartupMessages(library(psych))
given <- commandArgs(trailingOnly = TRUE)
data <- read.csv(given[1])
keys <- list(
  task = c("q1", "-q4", "q7", "q10"),
  bond = c("q2", "q5", "-q8", "-q11"),
  goal = c("q3", "q6", "q9", "q12"),
  total = c("q1", "q2", "q3", "-q4", "q5", "q6", "q7", "-q8", "q9", "q10", "-q11", "q12")
)
if (given[3] == "scoreItems") {
  scores <- scoreItems(keys, data, impute = "none", min = 1, max = 5)$scores
} else {
  scores <- scoreFast(keys, data, impute = "none", min = 1, max = 5)
}
colnames(scores) <- names(keys)
write.csv(scores, given[2], row.names = FALSE, na = "")
