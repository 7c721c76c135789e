package dev.portcullis.operator.resolve.descriptors;

import java.util.List;
import java.util.Optional;

/**
 * What a descriptor set has.
 *
 * @param base64 the set without comments of the source, every file behind those that it imports
 * @param services all of them, in their order
 */
public record DescriptorSet(String base64, List<Service> services) {

  public DescriptorSet {
    services = List.copyOf(services);
  }

  public Optional<Service> service(String name) {
    return services.stream().filter(service -> service.name().equals(name)).findFirst();
  }

  /**
   * A service.
   *
   * @param name with its package
   * @param bindings the JSON requests that its methods take; none where it takes no JSON
   */
  public record Service(String name, List<Binding> bindings) {
    public Service {
      bindings = List.copyOf(bindings);
    }
  }

  /**
   * One JSON request.
   *
   * @param method of the service, with its name: {@code shop.Orders/Read}
   * @param verb the HTTP method
   * @param template of the path, such as {@code /v1/orders/{id}}
   */
  public record Binding(String method, String verb, String template) {}
}
