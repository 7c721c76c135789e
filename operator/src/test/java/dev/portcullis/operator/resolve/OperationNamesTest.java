package dev.portcullis.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.intent.DocumentedBody;
import dev.portcullis.operator.resolve.openapi.OpenApiDocument.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationNamesTest {

  @ParameterizedTest
  @CsvSource({
    "createPet, create-pet",
    "list_all.pets v2, list-all-pets-v2",
    "--Ünïcode--, n-code",
    "HTTPGet, httpget",
    "'', get-orders-order-id",
    "'%{x}\n', x",
    "'!!!', get-orders-order-id"
  })
  void readAsTheyAreDocumented(String id, String name) {
    assertThat(new OperationNames(List.of()).of(operation(id))).isEqualTo(name);
  }

  @Test
  void areTakenOnce() {
    var names = new OperationNames(List.of("read", "read-2"));

    assertThat(List.of(names.of(operation("read")), names.of(operation("READ"))))
        .containsExactly("read-3", "read-4");
  }

  @Test
  void fitWithTheirNumber() {
    var names = new OperationNames(List.of());
    var id = "a".repeat(62) + "-" + "b".repeat(500);

    assertThat(names.of(operation(id))).isEqualTo("a".repeat(62));
    assertThat(names.of(operation(id))).isEqualTo("a".repeat(61) + "-2");
  }

  private static Operation operation(String id) {
    return new Operation(
        "#/paths/~1orders~1{orderId}/get",
        id,
        "GET",
        "/orders/{orderId}",
        List.of(),
        new DocumentedBody.None());
  }
}
