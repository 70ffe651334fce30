package espd.ike.driver;

import java.util.List;

/// Two requests that cross: a cell of the table of RFC 7296 §2.8 and §2.25.
///
/// An arrow to the right is Alice's message, one to the left Bob's, in the order they are sent; the
/// number in brackets is that of the IKE SA. `[ ? ]` is the answer of an end that has wiped its
/// keys with it, when the other has too.
///
/// @param alice what she asks for
/// @param bob what he asks for before he hears of it
/// @param pairs Child SAs in the end
/// @param ikeSas IKE SAs in the end
/// @param steps in fair weather
record Collision(Wish alice, Wish bob, int pairs, int ikeSas, String steps) {

  /// What one end asks for.
  enum Wish {
    REKEY_CHILD,
    DELETE_CHILD,
    CREATE_CHILD,
    REKEY_IKE,
    DELETE_IKE
  }

  /// Each pair of wishes.
  static final List<Collision> ALL =
      List.of(
          new Collision(
              Wish.REKEY_CHILD,
              Wish.REKEY_CHILD,
              1,
              1,
              """
              --> [1] CREATE_CHILD_SA request 2 [ N(REKEY_SA) SA No TSi TSr ]
              <-- [1] CREATE_CHILD_SA request 0 [ N(REKEY_SA) SA No TSi TSr ]
              <-- [1] CREATE_CHILD_SA response 2 [ SA No TSi TSr ]
              --> [1] CREATE_CHILD_SA response 0 [ SA No TSi TSr ]
              --> [1] INFORMATIONAL request 3 [ D ]
              <-- [1] INFORMATIONAL request 1 [ D ]
              <-- [1] INFORMATIONAL response 3 [ D ]
              --> [1] INFORMATIONAL response 1 [ D ]
              """),
          new Collision(
              Wish.REKEY_CHILD,
              Wish.DELETE_CHILD,
              0,
              1,
              """
              --> [1] CREATE_CHILD_SA request 2 [ N(REKEY_SA) SA No TSi TSr ]
              <-- [1] INFORMATIONAL request 0 [ D ]
              <-- [1] CREATE_CHILD_SA response 2 [ N(TEMP_FAIL) ]
              --> [1] INFORMATIONAL response 0 [ D ]
              """),
          new Collision(
              Wish.REKEY_CHILD,
              Wish.REKEY_IKE,
              1,
              1,
              """
              --> [1] CREATE_CHILD_SA request 2 [ N(REKEY_SA) SA No TSi TSr ]
              <-- [1] CREATE_CHILD_SA request 0 [ SA No KE ]
              <-- [1] CREATE_CHILD_SA response 2 [ N(TEMP_FAIL) ]
              --> [1] CREATE_CHILD_SA response 0 [ N(TEMP_FAIL) ]
              <-- [1] CREATE_CHILD_SA request 1 [ SA No KE ]
              --> [1] CREATE_CHILD_SA response 1 [ SA No KE ]
              <-- [1] INFORMATIONAL request 2 [ D ]
              --> [1] INFORMATIONAL response 2 [  ]
              --> [2] CREATE_CHILD_SA request 0 [ N(REKEY_SA) SA No TSi TSr ]
              <-- [2] CREATE_CHILD_SA response 0 [ SA No TSi TSr ]
              --> [2] INFORMATIONAL request 1 [ D ]
              <-- [2] INFORMATIONAL response 1 [ D ]
              """),
          new Collision(
              Wish.REKEY_CHILD,
              Wish.DELETE_IKE,
              0,
              0,
              """
              --> [1] CREATE_CHILD_SA request 2 [ N(REKEY_SA) SA No TSi TSr ]
              <-- [1] INFORMATIONAL request 0 [ D ]
              <-- [1] CREATE_CHILD_SA response 2 [ N(TEMP_FAIL) ]
              --> [1] INFORMATIONAL response 0 [  ]
              """),
          new Collision(
              Wish.REKEY_CHILD,
              Wish.CREATE_CHILD,
              2,
              1,
              """
              --> [1] CREATE_CHILD_SA request 2 [ N(REKEY_SA) SA No TSi TSr ]
              <-- [1] CREATE_CHILD_SA request 0 [ SA No TSi TSr ]
              <-- [1] CREATE_CHILD_SA response 2 [ SA No TSi TSr ]
              --> [1] CREATE_CHILD_SA response 0 [ SA No TSi TSr ]
              --> [1] INFORMATIONAL request 3 [ D ]
              <-- [1] INFORMATIONAL response 3 [ D ]
              """),
          new Collision(
              Wish.CREATE_CHILD,
              Wish.CREATE_CHILD,
              3,
              1,
              """
              --> [1] CREATE_CHILD_SA request 2 [ SA No TSi TSr ]
              <-- [1] CREATE_CHILD_SA request 0 [ SA No TSi TSr ]
              <-- [1] CREATE_CHILD_SA response 2 [ SA No TSi TSr ]
              --> [1] CREATE_CHILD_SA response 0 [ SA No TSi TSr ]
              """),
          new Collision(
              Wish.DELETE_CHILD,
              Wish.DELETE_CHILD,
              0,
              1,
              """
              --> [1] INFORMATIONAL request 2 [ D ]
              <-- [1] INFORMATIONAL request 0 [ D ]
              <-- [1] INFORMATIONAL response 2 [  ]
              --> [1] INFORMATIONAL response 0 [  ]
              """),
          new Collision(
              Wish.DELETE_CHILD,
              Wish.CREATE_CHILD,
              1,
              1,
              """
              --> [1] INFORMATIONAL request 2 [ D ]
              <-- [1] CREATE_CHILD_SA request 0 [ SA No TSi TSr ]
              <-- [1] INFORMATIONAL response 2 [ D ]
              --> [1] CREATE_CHILD_SA response 0 [ SA No TSi TSr ]
              """),
          new Collision(
              Wish.REKEY_IKE,
              Wish.REKEY_IKE,
              1,
              1,
              """
              --> [1] CREATE_CHILD_SA request 2 [ SA No KE ]
              <-- [1] CREATE_CHILD_SA request 0 [ SA No KE ]
              <-- [1] CREATE_CHILD_SA response 2 [ SA No KE ]
              --> [1] CREATE_CHILD_SA response 0 [ SA No KE ]
              --> [1] INFORMATIONAL request 3 [ D ]
              <-- [2] INFORMATIONAL request 0 [ D ]
              <-- [1] INFORMATIONAL response 3 [  ]
              --> [2] INFORMATIONAL response 0 [  ]
              """),
          new Collision(
              Wish.REKEY_IKE,
              Wish.DELETE_CHILD,
              0,
              1,
              """
              --> [1] CREATE_CHILD_SA request 2 [ SA No KE ]
              <-- [1] INFORMATIONAL request 0 [ D ]
              <-- [1] CREATE_CHILD_SA response 2 [ N(TEMP_FAIL) ]
              --> [1] INFORMATIONAL response 0 [ D ]
              --> [1] CREATE_CHILD_SA request 3 [ SA No KE ]
              <-- [1] CREATE_CHILD_SA response 3 [ SA No KE ]
              --> [1] INFORMATIONAL request 4 [ D ]
              <-- [1] INFORMATIONAL response 4 [  ]
              """),
          new Collision(
              Wish.REKEY_IKE,
              Wish.CREATE_CHILD,
              2,
              1,
              """
              --> [1] CREATE_CHILD_SA request 2 [ SA No KE ]
              <-- [1] CREATE_CHILD_SA request 0 [ SA No TSi TSr ]
              <-- [1] CREATE_CHILD_SA response 2 [ N(TEMP_FAIL) ]
              --> [1] CREATE_CHILD_SA response 0 [ N(TEMP_FAIL) ]
              --> [1] CREATE_CHILD_SA request 3 [ SA No KE ]
              <-- [1] CREATE_CHILD_SA response 3 [ SA No KE ]
              --> [1] INFORMATIONAL request 4 [ D ]
              <-- [1] INFORMATIONAL response 4 [  ]
              <-- [2] CREATE_CHILD_SA request 0 [ SA No TSi TSr ]
              --> [2] CREATE_CHILD_SA response 0 [ SA No TSi TSr ]
              """),
          new Collision(
              Wish.REKEY_IKE,
              Wish.DELETE_IKE,
              0,
              0,
              """
              --> [1] CREATE_CHILD_SA request 2 [ SA No KE ]
              <-- [1] INFORMATIONAL request 0 [ D ]
              <-- [1] CREATE_CHILD_SA response 2 [ N(TEMP_FAIL) ]
              --> [1] INFORMATIONAL response 0 [  ]
              """),
          new Collision(
              Wish.DELETE_IKE,
              Wish.DELETE_IKE,
              0,
              0,
              """
              --> [1] INFORMATIONAL request 2 [ D ]
              <-- [1] INFORMATIONAL request 0 [ D ]
              <-- [1] INFORMATIONAL response 2 [  ]
              --> [1] INFORMATIONAL response 0 [ ? ]
              """),
          new Collision(
              Wish.DELETE_IKE,
              Wish.CREATE_CHILD,
              0,
              0,
              """
              --> [1] INFORMATIONAL request 2 [ D ]
              <-- [1] CREATE_CHILD_SA request 0 [ SA No TSi TSr ]
              --> [1] CREATE_CHILD_SA response 0 [ N(TEMP_FAIL) ]
              <-- [1] INFORMATIONAL response 2 [  ]
              """),
          new Collision(
              Wish.DELETE_IKE,
              Wish.DELETE_CHILD,
              0,
              0,
              """
              --> [1] INFORMATIONAL request 2 [ D ]
              <-- [1] INFORMATIONAL request 0 [ D ]
              --> [1] INFORMATIONAL response 0 [  ]
              <-- [1] INFORMATIONAL response 2 [  ]
              """));

  @Override
  public String toString() {
    return alice + " x " + bob;
  }

  /// {@return the same with Bob, who responded to IKE_SA_INIT, asking for what Alice did}
  Collision mirrored() {
    return new Collision(/* alice= */ bob, /* bob= */ alice, pairs, ikeSas, "");
  }

  boolean rekeysChild() {
    return alice == Wish.REKEY_CHILD || bob == Wish.REKEY_CHILD;
  }

  boolean keepsTraffic() {
    return pairs > 0;
  }
}
