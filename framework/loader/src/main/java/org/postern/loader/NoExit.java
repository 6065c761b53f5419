package org.postern.loader;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * A plugin's class without calls that would end the process: {@code System.exit}, {@code
 * Runtime.exit} and {@code Runtime.halt}. In their place it throws an exception, which becomes
 * RETRY as any other. Java has had no other means since the security manager is gone.
 *
 * <p>It is a guard against mistakes (libraries with a main class, or that "give up"), and no wall:
 * by reflection, a method reference or native code a plugin can still end the process it is part
 * of.
 */
final class NoExit {
  private static final Map<String, Set<String>> ENDS =
      Map.of("java/lang/System", Set.of("exit"), "java/lang/Runtime", Set.of("exit", "halt"));

  private static final byte[] TYPE = "(I)V".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SYSTEM = "java/lang/System".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RUNTIME = "java/lang/Runtime".getBytes(StandardCharsets.US_ASCII);

  private static final ClassDesc PROBLEM = ClassDesc.of("java.lang.SecurityException");
  private static final MethodTypeDesc CONSTRUCTOR =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);

  private NoExit() {}

  /** The name of a class that has such calls; empty when it has none. */
  static Optional<String> ending(byte[] classFile) {
    if (!mentions(classFile, TYPE)
        || (!mentions(classFile, SYSTEM) && !mentions(classFile, RUNTIME))) {
      return Optional.empty();
    }
    ClassModel model = ClassFile.of().parse(classFile);
    boolean ends =
        StreamSupport.stream(model.constantPool().spliterator(), false)
            .anyMatch(entry ->
                entry instanceof MemberRefEntry member
                    && ends(member.owner().asInternalName(), member.name().stringValue()));
    return ends
        ? Optional.of(model.thisClass().asInternalName().replace('/', '.'))
        : Optional.empty();
  }

  /**
   * The class as it may be used.
   *
   * @param loader finds the classes that it refers to
   * @throws IllegalArgumentException when it cannot be changed
   */
  static byte[] without(byte[] classFile, ClassLoader loader) {
    ClassFile parser =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader)
                    .orElse(ClassHierarchyResolver.defaultResolver())
                    .cached()));
    return parser.transformClass(parser.parse(classFile), transform());
  }

  private static boolean ends(String owner, String method) {
    return ENDS.getOrDefault(owner, Set.of()).contains(method);
  }

  private static ClassTransform transform() {
    return ClassTransform.transformingMethodBodies((code, element) -> {
      if (element instanceof InvokeInstruction call
          && ends(call.owner().asInternalName(), call.name().stringValue())) {
        refuse(code, call);
      } else {
        code.with(element);
      }
    });
  }

  private static void refuse(CodeBuilder code, InvokeInstruction call) {
    String called =
        call.owner().asInternalName().replaceFirst("^.*/", "") + '.' + call.name().stringValue();
    code.new_(PROBLEM)
        .dup()
        .loadConstant(called + ": a plugin must not end the process")
        .invokespecial(PROBLEM, ConstantDescs.INIT_NAME, CONSTRUCTOR)
        .athrow();
  }

  private static boolean mentions(byte[] classFile, byte[] text) {
    int last = classFile.length - text.length;
    for (int i = 0; i <= last; i++) {
      int at = 0;
      while (at < text.length && classFile[i + at] == text[at]) {
        at++;
      }
      if (at == text.length) {
        return true;
      }
    }
    return false;
  }
}
