package dev.portcullis.operator.resolve.descriptors;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo;
import dev.portcullis.operator.resolve.descriptors.DescriptorReading.Read;
import dev.portcullis.operator.resolve.descriptors.DescriptorReading.Unusable;
import dev.portcullis.operator.resolve.descriptors.DescriptorSet.Binding;
import java.util.Base64;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptorReaderTest {

  private static final HttpRule READ = HttpRule.newBuilder().setGet("/v1/orders/{id}").build();

  private static FieldDescriptorProto.Builder field(String name, int number) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(Type.TYPE_STRING)
        .setLabel(Label.LABEL_OPTIONAL);
  }

  /** A service with one method that takes this. */
  private static FileDescriptorProto.Builder orders(HttpRule rule) {
    var file = FileDescriptorProto.newBuilder().setName("orders.proto").setPackage("shop");
    file.addMessageType(
        DescriptorProto.newBuilder()
            .setName("Order")
            .addField(field("id", 1))
            .addField(field("tags", 2).setLabel(Label.LABEL_REPEATED))
            .addField(field("part", 3).setType(Type.TYPE_MESSAGE).setTypeName(".shop.Order")));
    file.addServiceBuilder()
        .setName("Orders")
        .addMethodBuilder()
        .setName("Read")
        .setInputType(".shop.Order")
        .setOutputType(".shop.Order")
        .setOptions(MethodOptions.newBuilder().setExtension(AnnotationsProto.http, rule));
    return file;
  }

  private static DescriptorReading read(FileDescriptorProto.Builder... files) {
    var set = FileDescriptorSet.newBuilder();
    for (var file : files) {
      set.addFile(file);
    }
    return DescriptorReader.read(Base64.getEncoder().encodeToString(set.build().toByteArray()));
  }

  private static String refusal(DescriptorReading reading) {
    assertThat(reading).isInstanceOf(Unusable.class);
    return ((Unusable) reading).message();
  }

  @Test
  void tellsWhatEachServiceTakes() {
    var rule =
        READ.toBuilder()
            .addAdditionalBindings(
                HttpRule.newBuilder().setPost("/v1/{part.id=parts/*}:read").setBody("part"))
            .build();

    var set = ((Read) read(orders(rule))).set();

    assertThat(set.service("shop.Orders").orElseThrow().bindings())
        .containsExactly(
            new Binding("shop.Orders/Read", "GET", "/v1/orders/{id}"),
            new Binding("shop.Orders/Read", "POST", "/v1/{part.id=parts/*}:read"));
  }

  @Test
  void putsImportsFirstAndLeavesCommentsOut() throws Exception {
    var base = FileDescriptorProto.newBuilder().setName("base.proto");
    var comments =
        SourceCodeInfo.newBuilder()
            .addLocation(SourceCodeInfo.Location.newBuilder().setLeadingComments("secret"));

    var set =
        ((Read) read(orders(READ).addDependency("base.proto").setSourceCodeInfo(comments), base))
            .set();

    var sent = FileDescriptorSet.parseFrom(Base64.getDecoder().decode(set.base64()));
    assertThat(sent.getFileList())
        .extracting(FileDescriptorProto::getName)
        .containsExactly("base.proto", "orders.proto");
    assertThat(sent.getFileList()).noneMatch(FileDescriptorProto::hasSourceCodeInfo);
  }

  @Test
  void asksForWhatIsImported() {
    assertThat(refusal(read(orders(READ).addDependency("base.proto"))))
        .contains("--include_imports", "orders.proto imports base.proto");
  }

  @Test
  void refusesFilesThatCannotBeLinked() {
    var one = FileDescriptorProto.newBuilder().setName("one").addDependency("two");
    var two = FileDescriptorProto.newBuilder().setName("two").addDependency("one");

    assertThat(refusal(read(one, two))).contains("circle", "one");
    assertThat(refusal(read(two.clone().clearDependency(), two.clone().clearDependency())))
        .contains("two is there twice");
    assertThat(refusal(read())).contains("empty");
    var lost = orders(READ);
    lost.getServiceBuilder(0).getMethodBuilder(0).setInputType(".shop.Lost");
    assertThat(refusal(read(lost))).contains("orders.proto", ".shop.Lost");
  }

  @Test
  void refusesAChainOfImportsWithoutEnd() {
    var files =
        IntStream.range(0, 20_000)
            .mapToObj(
                each ->
                    FileDescriptorProto.newBuilder()
                        .setName("f" + each)
                        .addDependency("f" + (each + 1)))
            .toArray(FileDescriptorProto.Builder[]::new);

    assertThat(refusal(read(files))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1/orders",
        "/v1//orders",
        "/v1/{id",
        "/v1/{}",
        "/v1/{id}/**/x",
        "/v1/{nothing}",
        "/v1/{tags}",
        "/v1/{part}",
        "/v1/{id.part}",
        "/v1/orders?x={id}",
        "/v1/or ders",
        "/{id}/orders",
        "/**",
        "/.well-known/portcullis/{id}",
        ""
      })
  void refusesPathsThatEnvoyWouldNotTakeOrHear(String path) {
    assertThat(refusal(read(orders(HttpRule.newBuilder().setGet(path).build()))))
        .startsWith("Mend the option google.api.http of shop.Orders.Read: ");
  }

  @Test
  void refusesFieldsThatAreNotThere() {
    assertThat(refusal(read(orders(READ.toBuilder().setBody("nothing").build()))))
        .contains("shop.Order has no field nothing");
    assertThat(refusal(read(orders(READ.toBuilder().setResponseBody("nothing").build()))))
        .contains("shop.Order has no field nothing");
    assertThat(refusal(read(orders(HttpRule.getDefaultInstance())))).contains("name a method");
  }

  @Test
  void refusesBytesThatAreNoSet() {
    assertThat(refusal(DescriptorReader.read("not base64!"))).contains("base64");
    var random = new Random(7);
    for (var each = 0; each < 1000; each++) {
      var bytes = new byte[1 + random.nextInt(64)];
      random.nextBytes(bytes);
      assertThat(refusal(DescriptorReader.read(Base64.getEncoder().encodeToString(bytes))))
          .isNotEmpty();
    }
  }
}
