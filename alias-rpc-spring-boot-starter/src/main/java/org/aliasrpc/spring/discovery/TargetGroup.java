package org.aliasrpc.spring.discovery;

import java.util.List;
import java.util.Map;

/**
 * One entry of Prometheus' discovery format, here always of one target.
 *
 * @param targets {@code host:port} to connect to: the scrape proxy
 * @param labels of the target; those that begin with two underscores are for Prometheus itself
 */
public record TargetGroup(List<String> targets, Map<String, String> labels) {}
