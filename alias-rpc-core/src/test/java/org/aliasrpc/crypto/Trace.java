package org.aliasrpc.crypto;

import java.io.IOException;
import java.io.InputStream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Which way a program went and which elements of arrays it touched, as a sum over the whole run: equal for two runs only if
 * neither branches nor addresses differed. Classes loaded by a {@link Loader} report here.
 *
 * <p>Not safe for use by several threads. Public, because classes of another loader call it.
 */
public final class Trace {
    private static long sum;
    private static long events;

    private Trace() {}

    /** Starts a run. */
    static void start() {
        sum = 0;
        events = 0;
    }

    /** What the run looked like. */
    static String end() {
        return events + " events, " + Long.toHexString(sum);
    }

    /** A branch was not taken, or an array was accessed there. */
    public static void event(int what) {
        sum = sum * 0x5851f42d4c957f2dL + what + 1;
        events++;
    }

    /** Interpreted on JDK 17, this branches on signs (FieldElement). */
    public static long multiplyHigh(long a, long b) {
        event(a < 0 || b < 0 ? 1 : 0);
        return Math.multiplyHigh(a, b);
    }

    /** Loads the classes of this package anew, with calls to the trace put in. */
    static final class Loader extends ClassLoader {
        private static final String PACKAGE = Trace.class.getPackageName() + ".";

        Loader() {
            super(Trace.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(PACKAGE) || name.equals(Trace.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                ClassWriter out = new ClassWriter(ClassWriter.COMPUTE_MAXS);
                new ClassReader(in.readAllBytes()).accept(new Rewriter(out), 0);
                byte[] changed = out.toByteArray();
                return defineClass(name, changed, 0, changed.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static final class Rewriter extends ClassVisitor {
        private int places;

        Rewriter(ClassVisitor out) {
            super(Opcodes.ASM9, out);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return new Body(super.visitMethod(access, name, descriptor, signature, exceptions));
        }

        private final class Body extends MethodVisitor {
            private static final String TRACE = "org/aliasrpc/crypto/Trace";

            Body(MethodVisitor out) {
                super(Opcodes.ASM9, out);
            }

            @Override
            public void visitJumpInsn(int opcode, Label label) {
                super.visitJumpInsn(opcode, label);
                if (opcode != Opcodes.GOTO) {
                    super.visitLdcInsn(--places);
                    event();
                }
            }

            @Override
            public void visitInsn(int opcode) {
                switch (opcode) {
                    case Opcodes.IALOAD, Opcodes.LALOAD, Opcodes.AALOAD, Opcodes.BALOAD -> {
                        super.visitInsn(Opcodes.DUP);
                        event();
                    }
                    case Opcodes.IASTORE, Opcodes.AASTORE, Opcodes.BASTORE -> {
                        super.visitInsn(Opcodes.DUP2);
                        super.visitInsn(Opcodes.POP);
                        event();
                    }
                    case Opcodes.LASTORE -> {
                        super.visitInsn(Opcodes.DUP2_X1);
                        super.visitInsn(Opcodes.POP2);
                        super.visitInsn(Opcodes.DUP);
                        event();
                        super.visitInsn(Opcodes.DUP_X2);
                        super.visitInsn(Opcodes.POP);
                    }
                    case Opcodes.IDIV, Opcodes.IREM -> {
                        // Takes a time that depends on both.
                        super.visitInsn(Opcodes.DUP2);
                        event();
                        event();
                    }
                    case Opcodes.LDIV, Opcodes.LREM, Opcodes.LCMP -> {
                        // Not used with secrets: a difference shows as a difference of places.
                        super.visitInsn(Opcodes.DUP2);
                        super.visitInsn(Opcodes.L2I);
                        event();
                    }
                    default -> {
                        // neither address nor time depends on the operands
                    }
                }
                super.visitInsn(opcode);
            }

            @Override
            public void visitTableSwitchInsn(int min, int max, Label other, Label... labels) {
                super.visitInsn(Opcodes.DUP);
                event();
                super.visitTableSwitchInsn(min, max, other, labels);
            }

            @Override
            public void visitLookupSwitchInsn(Label other, int[] keys, Label[] labels) {
                super.visitInsn(Opcodes.DUP);
                event();
                super.visitLookupSwitchInsn(other, keys, labels);
            }

            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean inInterface) {
                boolean high = owner.equals("java/lang/Math") && name.equals("multiplyHigh");
                super.visitMethodInsn(opcode, high ? TRACE : owner, name, descriptor, inInterface);
            }

            private void event() {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, TRACE, "event", "(I)V", false);
            }
        }
    }
}
