# Times the usual R package for each statistic on the same data (CSV in the folder that is given).
# Prints lines of row, name, value; a row whose package is not there prints no seconds.
folder <- commandArgs(trailingOnly = TRUE)[1]
given <- function(name) read.csv(file.path(folder, paste0(name, ".csv")))
items <- given("items")
sessions <- given("sessions")
by_room <- given("by_room")
answers <- given("answers")
for (name in c("region", "centre", "room", "mentor")) {
  sessions[[paste0(name, "_of")]] <- factor(sessions[[name]])
}
answers$centre <- factor(answers$centre)
answers$room <- factor(answers$room)

SLOW <- 5 # seconds; what takes longer is run once

tell <- function(row, package, statistic) {
  say <- function(name, value) {
    cat(row, name, if (is.numeric(value)) format(value, digits = 15) else value, sep = "\t")
    cat("\n")
  }
  there <- suppressWarnings(requireNamespace(package, quietly = TRUE))
  say("package", if (there) paste(package, utils::packageVersion(package)) else package)
  if (!there) {
    return(invisible())
  }
  found <- NULL
  once <- function() {
    quiet <- function() suppressMessages(suppressWarnings(statistic()))
    system.time(found <<- quiet())[["elapsed"]]
  }
  seconds <- once()
  if (seconds <= SLOW) seconds <- median(replicate(5, once()))
  say("seconds", seconds)
  for (name in names(found)) say(name, as.numeric(found[[name]]))
}

cat("process", "version", paste(R.version$major, R.version$minor, sep = "."), sep = "\t")
cat("\n")

sds <- function(fit) {
  parts <- as.data.frame(lme4::VarCorr(fit))
  named <- setNames(as.list(parts$sdcor), sub("_of.*", "", parts$grp))
  c(list(mean = lme4::fixef(fit)[[1]], criterion = lme4::REMLcrit(fit)), named)
}

tell("alpha", "psych", function() {
  all <- psych::alpha(items)$total
  list(alpha = all$raw_alpha, standardised = all$std.alpha, lambda6 = all$`G6(smc)`, ase = all$ase)
})

tell("icc", "psych", function() {
  found <- psych::ICC(by_room)$results
  value <- setNames(found$ICC, found$type)
  list(`ICC(1,1)` = value["ICC1"], `ICC(2,1)` = value["ICC2"], `ICC(3,1)` = value["ICC3"],
       `ICC(3,k)` = value["ICC3k"])
})

tell("mixed", "lme4", function() {
  sds(lme4::lmer(score ~ 1 + (1 | centre_of) + (1 | room_of), sessions))
})

tell("mixed_crossed", "lme4", function() {
  sds(lme4::lmer(score ~ 1 + (1 | centre_of) + (1 | room_of) + (1 | mentor_of), sessions))
})

logistic <- function(fit) {
  sd <- as.data.frame(lme4::VarCorr(fit))
  sd <- setNames(sd$sdcor, sd$grp)
  list(taught = lme4::fixef(fit)[["taught"]], se = sqrt(vcov(fit)["taught", "taught"]),
       room = sd[["room"]], centre = sd[["centre"]])
}

tell("binomial", "lme4", function() {
  logistic(lme4::glmer(yes ~ taught + (1 | centre) + (1 | room), answers, binomial))
})

tell("binomial_counted", "lme4", function() {
  answers$one <- 1
  counted <- aggregate(cbind(yes, one) ~ taught + room + centre, answers, sum)
  logistic(lme4::glmer(cbind(yes, one - yes) ~ taught + (1 | centre) + (1 | room), counted,
                       binomial))
})

tell("ordinal", "ordinal", function() {
  fit <- ordinal::clmm(factor(items$i01) ~ 1 + (1 | sessions$centre_of))
  list(first = fit$alpha[[1]], centre = fit$ST[[1]][1], loglik = fit$logLik)
})

tell("graded", "mirt", function() {
  fit <- mirt::mirt(items, 1, "graded", quadpts = 61, verbose = FALSE)
  list(loglik = mirt::extract.mirt(fit, "logLik"))
})

tell("rasch", "eRm", function() {
  fit <- eRm::RM(1 * (items >= 2))
  list(loglik = fit$loglik, difficulty = -fit$betapar[[1]])
})

tell("polychoric", "psych", function() {
  r <- psych::polychoric(items)$rho
  list(first = r["i01", "i02"], last = r["i23", "i24"])
})

tell("factors", "lavaan", function() {
  own <- split(names(items), rep(1:4, each = 6))
  model <- paste(sprintf("d%d =~ %s", 1:4, sapply(own, paste, collapse = " + ")), collapse = "\n")
  fit <- lavaan::cfa(model, items, ordered = TRUE, estimator = "WLSMV")
  found <- lavaan::fitMeasures(fit)
  list(chisq = found["chisq"], chisq_scaled = found["chisq.scaled"],
       cfi_scaled = found["cfi.scaled"], rmsea_scaled = found["rmsea.scaled"], srmr = found["srmr"])
})

tell("survey", "survey", function() {
  design <- survey::svydesign(~centre, strata = ~region, weights = ~weight, fpc = ~centres,
                              data = sessions)
  found <- survey::svymean(~score, design, deff = TRUE)
  list(mean = coef(found), se = survey::SE(found), deff = survey::deff(found))
})

tell("robust", "clubSandwich", function() {
  fit <- lm(score ~ treated, sessions)
  found <- clubSandwich::coef_test(fit, vcov = "CR2", cluster = sessions$centre,
                                   test = "Satterthwaite")
  list(slope = found["treated", "beta"], se = found["treated", "SE"],
       df = found["treated", grep("^df", names(found))[1]])
})
