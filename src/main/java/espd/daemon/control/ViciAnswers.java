package espd.daemon.control;

import espd.daemon.control.Operations.Outcome;

/// The answers that most commands of vici have.
final class ViciAnswers {

  /// It is done.
  static final Section SUCCESS = Section.builder().text("success", "yes").build();

  private ViciAnswers() {}

  /// {@return how a command ended}
  static Section of(Outcome outcome) {
    return Section.builder()
        .text("success", outcome.success() ? "yes" : "no")
        .text(outcome.success() ? "msg" : "errmsg", outcome.message())
        .build();
  }

  /// {@return that it could not be done}
  static Section refusal(String why) {
    return of(Outcome.failed(why));
  }
}
