package espd.ike.eap;

/// A method of EAP comes to no proof, for a reason that is in its message and not our bug.
public final class EapFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  /// @param why for our log
  public EapFailedException(String why) {
    super(why);
  }
}
