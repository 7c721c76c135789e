package dev.portcullis.e2e.cluster;

/** What kubeadm is told, in its v1beta4 form: the same as Kind tells it, for one node. */
final class KubeadmConfig {

  private KubeadmConfig() {}

  static String render(String nodeAddress) {
    return """
    apiVersion: kubeadm.k8s.io/v1beta4
    kind: ClusterConfiguration
    clusterName: portcullis-e2e
    kubernetesVersion: v1.37.0
    controlPlaneEndpoint: "%1$s:6443"
    apiServer:
      certSANs: [localhost, 127.0.0.1, "%1$s"]
    networking:
      podSubnet: 10.244.0.0/16
      serviceSubnet: 10.96.0.0/16
    ---
    apiVersion: kubeadm.k8s.io/v1beta4
    kind: InitConfiguration
    localAPIEndpoint:
      advertiseAddress: "%1$s"
    nodeRegistration:
      criSocket: unix:///run/containerd/containerd.sock
      kubeletExtraArgs:
        - name: node-ip
          value: "%1$s"
    ---
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    cgroupRoot: /kubelet
    failSwapOn: false
    imageGCHighThresholdPercent: 100
    evictionHard:
      nodefs.available: "0%%"
      nodefs.inodesFree: "0%%"
      imagefs.available: "0%%"
    ---
    apiVersion: kubeproxy.config.k8s.io/v1alpha1
    kind: KubeProxyConfiguration
    mode: iptables
    conntrack:
      maxPerCore: 0
    """
        .formatted(nodeAddress);
  }
}
